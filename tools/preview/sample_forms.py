"""Forms of the sample pages."""

from __future__ import annotations

from django import forms


class Filters(forms.Form):
    """The filter row of a list."""

    q = forms.CharField(label="Reference or words", required=False)
    standing = forms.ChoiceField(label="Standing", required=False, choices=[("", "Any"), ("open", "Open")])
    side = forms.ChoiceField(label="Requesting", required=False, choices=[("", "Both"), ("ours", "Ours")])


class DraftForm(forms.Form):
    """A request, in the instrument's order."""

    authority = forms.CharField(
        label="Authority conducting the proceeding", help_text="The office, not a person."
    )
    offences = forms.CharField(
        label="Offences",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Cite the provisions and the penalties.",
    )
    assistance = forms.MultipleChoiceField(
        label="Assistance sought",
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("documents_items", "Documents, records and other items"),
            ("search_seizure", "Search and seizure"),
            ("testimony", "Testimony and statements"),
        ],
    )
    confidential = forms.BooleanField(label="Keep this request confidential", required=False)
    facts_en = forms.CharField(label="Summary of the facts, English", widget=forms.Textarea)
    facts_ru = forms.CharField(label="Summary of the facts, Russian", widget=forms.Textarea)


DraftForm.base_fields[
    "offences"
].why = "The requested Party decides on dual criminality from these lines (Art. 1)."


class LoginForm(forms.Form):
    """Signing in."""

    login = forms.CharField(label="Log-in name")
    password = forms.CharField(label="Password", widget=forms.PasswordInput)


class ProofForm(forms.Form):
    """A proof, as a file or as text."""

    file = forms.FileField(
        label="Proof or bundle", required=False, help_text="A .tlog-proof file or a bundle, up to 64 MiB."
    )
    text = forms.CharField(label="Or paste the proof", required=False, widget=forms.Textarea)


class CeremonyForm(forms.Form):
    """How the fingerprints were compared."""

    path = forms.ChoiceField(
        label="How did you speak?",
        choices=[("phone", "Telephone, a number known before"), ("person", "In person")],
        widget=forms.RadioSelect,
    )
    officer = forms.CharField(label="Office and capacity of the other officer")
