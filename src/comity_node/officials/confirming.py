"""What the page shows on which an official reads the exact text of an act before it is signed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from comity_node.officials import services
from comity_node.register import rooms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from comity_node.officials.models import Official
    from comity_node.register.acts import Act, Capacity
    from comity_node.register.rooms import Verdict


def confirmation(
    act: Act,
    verdict: Verdict,
    *,
    by: Official,
    capacity: Capacity,
    label: str,
    channel_href: str,
    back_href: str,
    carried: Mapping[str, str | list[str]],
) -> dict[str, Any]:
    """Fill ``web/confirm.html`` with an act and whose signatures it takes; ``next`` is for its room to say.

    Args:
        act: What is to be signed.
        verdict: By what it is allowed.
        by: Who is about to sign it.
        capacity: In which capacity.
        label: What is done by it.
        channel_href: Where its channel leads.
        back_href: Where the page leads that leaves without signing.
        carried: What was filled in, to be sent again with the signature.
    """
    return {
        "act": SimpleNamespace(
            label=label,
            text=act.text(),
            fields=[{"label": name, "value": value} for name, value in rooms.facts(act)],
            article=verdict.basis,
            article_href=verdict.href,
            verified=verdict.verified,
            channel=act.channel,
            channel_href=channel_href,
            ref=act.ref,
            kind=act.kind,
        ),
        "signs": SimpleNamespace(name=by.display_name, office=capacity.office, capacity=capacity.capacity),
        "second": _("another officer who holds the power to second it") if verdict.second_needed else "",
        "action": "",
        "hidden": [*_each(carried), ("shown", services.text_digest(act))],
        "back_href": back_href,
    }


def _each(carried: Mapping[str, str | list[str]]) -> Iterator[tuple[str, str]]:
    for name, value in carried.items():
        yield from ((name, one) for one in ([value] if isinstance(value, str) else value))
