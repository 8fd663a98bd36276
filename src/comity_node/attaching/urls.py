"""Addresses of attaching, below those of a talk."""

from __future__ import annotations

from django.urls import path

from comity_node.attaching import views

app_name = "attaching"
urlpatterns = [
    path("<slug:channel>/<slug:ref>/attach/", views.attach, name="attach"),
    path("<slug:channel>/<slug:ref>/attach/<slug:exhibit>/", views.confirm, name="confirm"),
]
