"""The page on which a translation of something on record is attached to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from comity.errors import ComityError
from comity.names import EntryRef, Origin
from comity_node.assistance import access, attached, offers, translations
from comity_node.assistance.content import content_of
from comity_node.assistance.detail import labels
from comity_node.assistance.drafting import LONGEST_TEXT, TRANSLATED
from comity_node.assistance.fields import Paragraphs, Words
from comity_node.officials import services as officials
from comity_node.officials.telling import tell, tell_prepared, tell_signed
from comity_node.register import queries as register
from comity_node.register import rooms, standings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpResponse, QueryDict

    from comity_node.assistance.content import Content
    from comity_node.officials.request import OfficialRequest
    from comity_node.register.acts import Act
    from comity_node.register.queries import Received


MOST_PARTS: Final = 60  # of an entry are offered
MOST_BOXES: Final = 500  # on one page; a text of more paragraphs is translated in one piece


class TranslationForm(forms.Form):
    """A translation of one entry: into what, by whom, and each paragraph beside its own.

    The entry may be a stranger's: it decides neither how many boxes a page has, nor how many an answer.
    """

    language = forms.ChoiceField(label=_("Language of the translation"), choices=settings.LANGUAGES)

    def __init__(self, said: QueryDict | None, *, content: Content, names: Mapping[str, str]) -> None:
        super().__init__(said)
        self.fields |= translations.fields()
        self.parts = [name for name, _text in content.texts[:MOST_PARTS]]
        left = MOST_BOXES
        for name, text in content.texts[:MOST_PARTS]:
            left -= text.count("\n") + 1
            self.fields[TRANSLATED + name] = Words(
                label=_("%(field)s, translation") % {"field": _(names.get(name, name))},
                required=False,
                max_length=LONGEST_TEXT,
                widget=Paragraphs(text) if left >= 0 else forms.Textarea({"rows": 12}),
            )

    def clean(self) -> dict[str, Any]:
        """See to it that the authorship is whole."""
        said = super().clean() or self.cleaned_data
        for name, why in translations.made(said).flaws():
            self.add_error(translations.BY + name, _(why))
        return said

    def act(self, of: Received, content: Content) -> Act:
        """The act it leads to.

        Raises:
            NotTranslated: Nothing is translated.
        """
        said = self.cleaned_data
        return translations.attaching(
            of,
            content,
            language=said["language"],
            fields={name: said[TRANSLATED + name] for name in self.parts},
            made=translations.made(said),
        )


@require_http_methods(["GET", "POST"])
def attach(request: OfficialRequest, channel: str, ref: str, party: str, index: int) -> HttpResponse:
    """Translate an entry of a request, read the exact text, sign."""
    access.request(request.user, channel, ref)
    access.may_sign(request.user, attached.ATTACHED)
    of = _entry(channel, ref, party, index)
    content = content_of(of)
    form = TranslationForm(request.POST or None, content=content, names=_names(channel))
    address = reverse("assistance:translate", args=[channel, ref, party, index])
    page = {
        "form": form,
        "entry": of.ref,
        "ref": ref,
        "exercise": standings.exercised(channel, ref),
        "back_href": reverse("assistance:request", args=[channel, ref]),
    }
    if request.method == "GET" or "change" in request.POST or not form.is_valid():
        status = 422 if form.errors and "change" not in request.POST else 200
        return render(request, "assistance/translate.html", page, status=status)
    try:
        act = form.act(of, content)
        if "shown" not in request.POST:
            return render(request, "web/confirm.html", _to_be_read(request, act, address))
        done = officials.sign(act, shown=request.POST["shown"], by=request.user)
    except ComityError as refused:
        tell(request, refused)
        return render(request, "assistance/translate.html", page, status=409)
    if not isinstance(done, EntryRef):
        tell_prepared(request)
        return redirect("officials:approval", pk=done.pk)
    tell_signed(request, done)
    return redirect("assistance:request", channel=channel, ref=ref)


def _entry(channel: str, ref: str, party: str, index: int) -> Received:
    """An entry of this very request that has texts; 404 otherwise."""
    try:
        found = register.entry(EntryRef(Origin.parse(f"{party}.comity/{channel}"), index))
    except ComityError:
        raise Http404 from None
    kept_apart = rooms.power_to_read(found.entry.kind)  # it is read in a room of its own
    if found.entry.ref != ref or kept_apart or not content_of(found).texts:
        raise Http404
    return found


def _names(channel: str) -> dict[str, str]:
    return {name: label for text in standings.life(channel).texts for name, label in labels(text).items()}


def _to_be_read(request: OfficialRequest, act: Act, address: str) -> dict[str, Any]:
    """The page with the exact text to be signed."""
    left_out = {"csrfmiddlewaretoken", "shown", "change"}
    carried = [(name, value) for name, some in request.POST.lists() if name not in left_out for value in some]
    return {
        **offers.confirmation(act, by=request.user),
        "action": address,
        "hidden": [*carried, ("shown", officials.text_digest(act))],
        "may_change": True,
    }
