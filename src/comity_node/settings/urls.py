"""Every address of the node, by room."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("comity_node.web.urls")),
    path("officials/", include("comity_node.officials.urls")),
    path("counterparts/", include("comity_node.counterparts.urls")),
]
