"""What the pages of a version's life send: what was seen, what is marked."""

from django import forms

from assessment.authoring.publication import Changes, Seen
from assessment.models import Questionnaire


class PublishForm(forms.Form):
    """What a publisher has seen, and the questions of which they say that only the wording changed."""

    content_hash = forms.CharField(widget=forms.HiddenInput)
    before = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reworded = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, data, changes: Changes, **kwargs) -> None:
        super().__init__(data, **kwargs)
        self.fields["reworded"].choices = [(item.key, str(item.text)) for item in changes.markable]

    @property
    def marked(self) -> list[str]:
        return self.cleaned_data.get("reworded", [])

    @property
    def seen(self) -> Seen:
        return Seen(self.cleaned_data["content_hash"], self.cleaned_data["before"])


class CopyForm(forms.Form):
    """The drafts that whoever asks for another one has seen."""

    beside = forms.ModelMultipleChoiceField(Questionnaire.objects.none(), required=False)

    def __init__(self, data, drafts: list[Questionnaire]) -> None:
        super().__init__(data)
        self.fields["beside"].queryset = Questionnaire.objects.filter(pk__in=[draft.pk for draft in drafts])

    @property
    def seen(self) -> list[int]:
        return [draft.pk for draft in self.cleaned_data["beside"]] if self.is_valid() else []
