"""What a request may bring as a file: nothing, but for the one page of the administration that imports content."""

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import QueryDict
from django.http.multipartparser import FIELD, FILE, ChunkIter, LazyStream, Parser
from django.utils.datastructures import MultiValueDict
from django.utils.encoding import force_str
from django.utils.translation import gettext_lazy as _


class NoFiles(FileUploadHandler):
    """Stops reading a request at its first file, however large."""

    def new_file(self, *args, **kwargs):
        raise StopUpload(connection_reset=True)

    def receive_data_chunk(self, raw_data, start):
        return None

    def file_complete(self, file_size):
        return None


class InMemory(FileUploadHandler):
    """Takes a whole form with its files into memory, for the one page that allows it; nothing touches the disk.

    The page looks at the size first: Django's own limit for fields is far below that of a file pasted into one.
    """

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        fields, files = QueryDict(mutable=True, encoding=encoding), MultiValueDict()
        for kind, headers, part in Parser(LazyStream(ChunkIter(input_data, 65_536)), boundary):
            if kind not in (FIELD, FILE):
                continue
            options = headers["content-disposition"][1]
            name = force_str(options.get("name", b""), errors="replace")
            data = part.read()
            if kind == FILE:
                file_name = force_str(options["filename"], errors="replace")
                files.appendlist(name, SimpleUploadedFile(file_name, data))
            else:
                fields.appendlist(name, force_str(data, errors="replace"))
        fields._mutable = False
        return fields, files

    def receive_data_chunk(self, raw_data, start):
        return None

    def file_complete(self, file_size):
        return None


class ImportForm(forms.Form):
    """A file, or its text pasted; what is in it is for the reader of content files to judge."""

    file = forms.FileField(label=_("File"), required=False)
    text = forms.CharField(
        label=_("Or the text of the file"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 24, "cols": 100, "spellcheck": "false", "class": "vLargeTextField"}),
    )
