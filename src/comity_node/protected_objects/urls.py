"""Addresses of the pages on protected objects."""

from __future__ import annotations

from django.urls import path

from comity_node.protected_objects import reading_views, views

app_name = "protected_objects"
urlpatterns = [
    path("", reading_views.lists, name="lists"),
    path("verify/", reading_views.verify, name="verify"),
    path("kept/<slug:root>/", views.kept, name="kept"),
    path("kept/<slug:root>/add/", views.add, name="add"),
    path("kept/<slug:root>/discard/", views.discard, name="discard"),
    path("<slug:channel>/declare/", views.declare, name="declare"),
    path("<slug:channel>/<slug:ref>/", reading_views.list_, name="list"),
    path("<slug:channel>/<slug:ref>/amend/", views.amend, name="amend"),
    path("<slug:channel>/<slug:ref>/acts/<slug:act_name>/", views.act, name="act"),
    path("<slug:channel>/<slug:ref>/opened/<int:visit>/", reading_views.opened, name="opened"),
    path("<slug:channel>/<slug:ref>/opened/<int:visit>/<slug:leaf>/", reading_views.object_, name="object"),
    path(
        "<slug:channel>/<slug:ref>/opened/<int:visit>/<slug:leaf>/proof/", reading_views.proof, name="proof"
    ),
    path("<slug:channel>/<slug:ref>/opened/<int:visit>/<slug:leaf>/reveal/", views.reveal, name="reveal"),
]
