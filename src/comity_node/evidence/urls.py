"""Addresses of the exhibits' pages."""

from __future__ import annotations

from django.urls import path

from comity_node.evidence import views

app_name = "evidence"
urlpatterns = [
    path("", views.exhibits, name="list"),
    path("export.<str:form>", views.export, name="export"),
    path("taken-in/<slug:ref>/", views.taken_in, name="taken-in"),
    path("taken-in/<slug:ref>/discard/", views.discard, name="discard"),
    path("<slug:channel>/add/", views.add, name="add"),
    path("<slug:channel>/<slug:ref>/", views.exhibit, name="exhibit"),
    path("<slug:channel>/<slug:ref>/open/", views.open_, name="open"),
    path("<slug:channel>/<slug:ref>/hand-over/", views.hand_over, name="hand-over"),
    path("<slug:channel>/<slug:ref>/acts/<slug:act_name>/", views.act, name="act"),
]
