"""Addresses of the pages on alerts."""

from __future__ import annotations

from django.urls import path

from comity_node.alerts import views

app_name = "alerts"
urlpatterns = [
    path("", views.alerts, name="list"),
    path("raise/", views.raise_alert, name="raise"),
    path("raise/<slug:pks>/", views.raise_alert, name="again"),
    path("raise/<slug:pks>/confirm/", views.confirm, name="confirm"),
    path("<slug:channel>/<slug:ref>/", views.one_alert, name="alert"),
    path("<slug:channel>/<slug:ref>/opened/", views.opened, name="opened"),
    path("<slug:channel>/<slug:ref>/lead-to/", views.ripen, name="ripen"),
]
