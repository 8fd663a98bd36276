"""Addresses of the pages on contact points and checks; the directory of all parties is the shell's."""

from __future__ import annotations

from django.urls import path

from comity_node.contact_point import import_views, views

app_name = "contact_point"
urlpatterns = [
    path("add/", views.add, name="add"),
    path("import/", import_views.import_table, name="import"),
    path("checks/", views.checks, name="checks"),
    path("checks/export.<str:form>", views.export_checks, name="export-checks"),
    path("checks/ask/<slug:channel>/", views.ask, name="ask"),
    path("checks/<slug:channel>/<slug:ref>/", views.check, name="check"),
    path("checks/<slug:channel>/<slug:ref>/<slug:act>/", views.act_on_check, name="act-on-check"),
    path("<slug:channel>/<slug:ref>/", views.point, name="point"),
    path("<slug:channel>/<slug:ref>/change/", views.change, name="change"),
    path("<slug:channel>/<slug:ref>/confirm/", views.confirm, name="confirm"),
    path("<slug:channel>/<slug:ref>/withdraw/", views.withdraw, name="withdraw"),
    path("<slug:channel>/<slug:ref>/doubt/", views.doubt, name="doubt"),
]
