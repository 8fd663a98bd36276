"""Addresses of the node: each room under the name officials know it by."""

from __future__ import annotations

from django.urls import include, path, re_path

from comity_node.api.answering import answer

urlpatterns = [
    path("", include("comity_node.web.addresses")),
    path("alerts/", include("comity_node.alerts.urls")),
    path("exercises/", include("comity_node.exercises.urls")),
    path("requests/", include("comity_node.assistance.urls")),
    path("talks/", include("comity_node.talk.urls")),
    path("talks/", include("comity_node.attaching.urls")),
    path("evidence/", include("comity_node.evidence.urls")),
    path("contacts/", include("comity_node.contact_point.urls")),
    path("objects/", include("comity_node.protected_objects.urls")),
    path("counterparts/", include("comity_node.counterparts.urls")),
    path("officials/", include("comity_node.officials.urls")),
    path("parties/", include("comity_node.parties.urls")),
    path("channels/", include("comity_node.channels.urls")),
    path("duty/", include("comity_node.duty.urls")),
    path("systems/", include("comity_node.api.urls")),
    re_path("^api/", answer),
    path("wire/", include("comity_node.wire.urls")),
    path("witness/", include("comity_node.witness.urls")),
]
