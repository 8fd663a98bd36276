"""What a page of any room may show of protected objects: those that something on it touches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from comity_node.officials.access import holds
from comity_node.protected_objects.access import READ
from comity_node.protected_objects.touching import Found, touched_by

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.template import Context

register = template.Library()


@register.inclusion_tag("protected_objects/touched.html", takes_context=True)
def touched_objects(context: Context, values: Iterable[str]) -> dict[str, Any]:
    """Draw the protected objects that things observed belong to; nothing for whoever may not read lists.

    Args:
        context: Of the page; its ``request`` says who reads.
        values: Addresses, networks, domains, URLs, AS numbers, hashes, as they were observed.
    """
    may_read = holds(context["request"].user, READ)
    found = touched_by(values) if may_read else Found(())
    return {"touched": found.objects, "has_more": found.has_more, "left": found.left}
