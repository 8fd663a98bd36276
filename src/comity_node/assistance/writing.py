"""The pages on which something is written: a draft, an act, and the exact text either leads to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from comity_node.assistance import (
    access,
    calling,
    certificates,
    defects,
    drafting,
    following,
    offers,
    profiles,
    queries,
    services,
    steps,
)
from comity_node.assistance.addressees import addressees
from comity_node.assistance.beginning import BETWEEN, NewDraftForm
from comity_node.assistance.choices import answered, answered_words, choices
from comity_node.assistance.detail import Detail, detail
from comity_node.assistance.forms import DraftForm
from comity_node.assistance.links import OWN_PAGES
from comity_node.assistance.pages import source
from comity_node.officials import services as officials
from comity_node.register import queries as register
from comity_node.register import standings
from comity_node.register.citing import row_address, text_address

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity.instruments import Row
    from comity_node.assistance.addressees import Addressee
    from comity_node.assistance.drafting import Missing
    from comity_node.assistance.forms import ActForm
    from comity_node.assistance.models import Draft
    from comity_node.officials.models import Official
    from comity_node.officials.request import OfficialRequest
    from comity_node.register.acts import Act


def new_draft(said: QueryDict | None, *, chosen: Mapping[str, str]) -> NewDraftForm:
    """The form that begins something: all that the open channels offer, with what was chosen before."""
    channels = {
        _address(log.channel, party if log.many else ""): f"{party.upper()} · {log.channel}"
        for log in register.own_logs()
        for party in register.others(log.channel)
        if standings.is_open(log.channel)
    }
    ways = {one: _not_on_pages_of_their_own(one.partition(BETWEEN)[0]) for one in channels}
    return NewDraftForm(said, ways=ways, channels=channels, chosen=chosen)


def _not_on_pages_of_their_own(channel: str) -> list[services.Offered]:
    """The ways to begin something in a channel, but for what is begun on a page made for it."""
    return [one for one in services.ways(channel) if one.table.procedure.kinds not in OWN_PAGES]


def _address(channel: str, party: str) -> str:
    """What is chosen where something is begun: a channel, and of many in it the one it is addressed to."""
    return f"{channel}{BETWEEN}{party}" if party else channel


class ActPage:
    """Doing one act on one request: its form, and the text it leads to."""

    def __init__(self, channel: str, ref: str, act_name: str, *, official: Official) -> None:
        found = detail(channel, ref)
        if found is None or act_name not in found.procedure.act_of:
            raise Http404
        access.may_sign(official, found.procedure.kind(act_name))
        rows = [row for row in (*found.ours, *_own_rows(found)) if row.act == act_name]
        if not rows:
            raise Http404
        self.row = rows[0]
        self.found, self.channel, self.ref, self.official = found, channel, ref, official

    def keep(self, request: OfficialRequest) -> None:
        """Keep what was filled in for as long as its text is read, so that going back loses nothing."""
        request.session[self._kept_as] = request.POST.urlencode()

    def kept(self, request: OfficialRequest) -> QueryDict | None:
        """What was filled in, for an official who goes back to change it."""
        kept = request.session.get(self._kept_as) if "again" in request.GET else None
        return QueryDict(kept) if kept else None

    def forget(self, request: OfficialRequest) -> None:
        """Drop what was kept: it is on record or under approval now."""
        request.session.pop(self._kept_as, None)

    @property
    def _kept_as(self) -> str:
        return f"act {self.channel} {self.ref} {self.row.act}"

    @property
    def href(self) -> str:
        """The address of this page."""
        return reverse("assistance:act", args=[self.channel, self.ref, self.row.act])

    def form(self, said: QueryDict | None, *, chosen: str = "") -> ActForm:
        """The form that the row of the table asks for; of a certificate, the one chosen."""
        form = certificates.act_form(
            said,
            chosen=chosen,
            row=self.row,
            table=self.found.folded.table,
            channel=self.channel,
            language=self.official.language,
            choices=choices(self.found, self.row),
        )
        if self.row.act == calling.CALLED_BACK:
            form.ask_for_words(calling.words(self.found))
        if self.row.act == following.FOLLOWED_UP and "follow_up" in form.fields:
            form.initial["follow_up"] = following.lodged_after(self.channel, reference=self.ref)
        return form

    def suggest(self, form: ActForm, said: Mapping[str, str]) -> None:
        """Fill in beforehand what a link to this page brings: it is still read, changed and signed."""
        form.initial.update({name: said[name] for name in said if name in form.fields})
        if isinstance(form, certificates.CertificateForm) and "exhibit" in said:
            form.initial.update(certificates.from_custody(self.channel, said.get("exhibit", "")))

    def proposed(self, form: ActForm) -> Act:
        """The act as the form says it."""
        asked = answered(self.found, self.row)
        return services.proposed(
            channel=self.channel,
            ref=self.ref,
            kind=self.found.procedure.kind(self.row.act),
            stated=form.stated(),
            payload=form.payload(),
            answers=asked.asked if asked else None,
        )

    def context(self, form: ActForm) -> dict[str, Any]:
        """The page with the form."""
        return {
            "form": form,
            "certificates": self._certificates(form),
            "row": self.row,
            "row_href": row_address(self.row),
            "label": _(self.row.sentence),
            "declares": _(self.row.declares),
            "answered": answered_words(self.found, self.row),
            "ref": self.ref,
            "channel": self.channel,
            "standing": _(self.found.standing.label),
            "back_href": reverse("assistance:request", args=[self.channel, self.ref]),
            "exercise": standings.exercised(self.channel, self.ref),
        }

    def _certificates(self, form: ActForm) -> list[tuple[str, str]]:
        """The certificates to choose from, until one is chosen."""
        if isinstance(form, certificates.CertificateForm):
            return []
        row = queries.request(self.channel, self.ref)
        return certificates.offered(self.row, self.found.folded.table, row, self.href)

    def confirmation(self, form: ActForm, said: QueryDict) -> dict[str, Any]:
        """The page with the exact text to be signed.

        Raises:
            OurFault: The act is not allowed now.
        """
        act = self.proposed(form)
        return {
            **offers.confirmation(act, by=self.official, answered=answered_words(self.found, self.row)),
            "action": self.href,
            "hidden": [*_carried(said), ("shown", officials.text_digest(act))],
            "back_href": f"{self.href}?again=1",
        }


def draft(draft: Draft, form: DraftForm) -> dict[str, Any]:
    """The page on which a request is written."""
    table = services.table(draft)
    requested = drafting.addressee(draft)
    return {
        "draft": draft,
        "required": profiles.current(draft.channel, requested),
        "form": form,
        "instrument": table.instrument,
        "instrument_href": text_address(table.instrument),
        "procedure": table.procedure,
        "missing": services.check(draft),
        "defects": defects.shown(services.defects(draft), table.instrument),
        "recipients": ", ".join(map(str.upper, register.others(draft.channel))),
        "back_href": reverse("assistance:drafts"),
        "exercise": standings.exercised(draft.channel, stated=draft.stated),
        "source": source(draft.channel, draft.arose_from),
    }


def draft_form(draft: Draft, said: QueryDict | None = None) -> DraftForm:
    """The form the draft's instrument and types of assistance ask for."""
    return DraftForm(said, draft=draft, table=services.table(draft))


FIRST_STEP: Final = "basis"


class StepPage:
    """One step of a draft: what it asks, where the others stand, and where to go from here."""

    def __init__(self, draft: Draft, name: str, said: QueryDict | None) -> None:
        self.draft, self.table, self.missing = draft, services.table(draft), services.check(draft)
        self.steps = steps.placed(draft, self.table, self.missing)
        at = next((at for at, one in enumerate(self.steps) if one.id == name), None)
        if at is None:
            raise Http404
        self.at, self.step = at, self.steps[at]
        self.form = DraftForm(said, draft=draft, table=self.table, only=self.step.names)

    def context(self) -> dict[str, Any]:
        """The page of the step."""
        demanded = sum(one.demanded for one in self.steps if one.id != steps.REVIEW)
        return {
            **draft(self.draft, self.form),
            "step": self.step,
            "steps": [(one, self._address(one.id)) for one in self.steps],
            "number": self.at + 1,
            "lacking": [(gap, self._of(gap)) for gap in self.missing if gap.demanded],
            "worth_adding": [(gap, self._of(gap)) for gap in self.missing if not gap.demanded],
            "demanded": demanded,
            "before": self.steps[self.at - 1] if self.at else None,
            "after": self.steps[self.at + 1] if self.at + 1 < len(self.steps) else None,
            "defects": self._defects(),
            "addressees": self._addressees(),
            "whole": self._whole() if self.step.id == steps.REVIEW else [],
        }

    def next(self, go: str) -> str:
        """Where a button leads: a step, the text to be signed, or the list of drafts."""
        if go == "confirm":
            return reverse("assistance:submit", args=[self.draft.pk])
        if go in {one.id for one in self.steps}:
            return self._address(go)
        return reverse("assistance:drafts")

    def _address(self, name: str) -> str:
        known = {one.id for one in self.steps}
        return reverse("assistance:step", args=[self.draft.pk, name if name in known else FIRST_STEP])

    def _defects(self) -> list[defects.Shown]:
        """What is found in the words of this step; in the review, in all of them, each with its step."""
        found = defects.shown(services.defects(self.draft), self.table.instrument)
        if self.step.id != steps.REVIEW:
            return [one for one in found if one.field in self.step.names]
        return [replace(one, place=self._address(steps.place_of(one.field))) for one in found]

    def _addressees(self) -> list[Addressee]:
        """By whom the other side acts under this instrument, where the step asks who is addressed."""
        if self.step.id != steps.AUTHORITY:
            return []
        return addressees(self.draft.channel, self.table.instrument)

    def _of(self, gap: Missing) -> str:
        """The step in which a gap is filled."""
        return self._address(steps.place_of(gap.field))

    def _whole(self) -> list[tuple[str, str, str]]:
        """Everything written, with its translation, in the instrument's order."""
        asked = self.table.instrument.fields_for(*self.draft.types, procedure=self.draft.procedure)
        said = self.draft.fields
        return [
            (_(one.label), said[one.id], self.draft.translation.get(one.id, ""))
            for one in asked
            if said.get(one.id)
        ]


def submission(draft: Draft, *, by: Official) -> dict[str, Any]:
    """The page with the exact text of a request, before it is submitted.

    Raises:
        OurFault: The draft is incomplete, or the channel does not allow it now.
    """
    act = services.opening(draft)
    return {
        **offers.confirmation(act, by=by),
        "action": reverse("assistance:submit", args=[draft.pk]),
        "hidden": [("shown", officials.text_digest(act))],
        "back_href": reverse("assistance:draft", args=[draft.pk]),
    }


def _own_rows(found: Detail) -> list[Row]:
    """Every row that our side ever has: an act that is not open now is explained, not hidden."""
    side = found.standing.side(found.sides[0].code)
    return [row for row in found.procedure.rows if row.by == side]


def _carried(said: QueryDict) -> list[tuple[str, str]]:
    """What was filled in, to be sent again with the signature."""
    left_out = {"csrfmiddlewaretoken", "shown"}
    return [(name, value) for name, values in said.lists() if name not in left_out for value in values]
