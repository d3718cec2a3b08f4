"""In which language people are written to: every form that has mails sent asks for it."""

from django import forms
from django.conf import settings
from django.utils.translation import get_language, gettext_lazy


class LanguageForm(forms.Form):
    """The language of the mails: one, or, unless it is chosen, each after the other, that of the page first."""

    languages = forms.ChoiceField(label=gettext_lazy("Language of the mail"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        codes = sorted(dict(settings.LANGUAGES), key=lambda code: code != get_language())
        self.every = ",".join(codes)
        both = gettext_lazy("French and English")
        self.fields["languages"].choices = [
            (self.every, both),
            *((code, settings.TEXT_LANGUAGES[code]) for code in codes),
        ]
        self.order_fields([name for name in self.fields if name != "languages"])

    def clean_languages(self) -> str:
        return self.cleaned_data["languages"] or self.every
