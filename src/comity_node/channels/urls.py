"""Addresses of the channels' pages."""

from __future__ import annotations

from django.urls import path

from comity_node.channels import figure_views, joining_views, key_views, views

app_name = "channels"
urlpatterns = [
    path("", views.channel_list, name="list"),
    path("export.<str:form>", views.export, name="export"),
    path("propose/", views.propose, name="propose"),
    path("<str:channel>/", views.channel, name="channel"),
    path("<str:channel>/reciprocity/", figure_views.reciprocity, name="reciprocity"),
    path("<str:channel>/reciprocity.pdf", figure_views.reciprocity_report, name="reciprocity-report"),
    path("<str:channel>/reciprocity.<str:form>", figure_views.reciprocity_file, name="reciprocity-file"),
    path("<str:channel>/figures/<slug:ref>.json", figure_views.statement, name="statement"),
    path("<str:channel>/obligations/", views.obligations, name="obligations"),
    path("<str:channel>/keys/", key_views.keys, name="keys"),
    path("<str:channel>/keys.<str:form>", key_views.signed_file, name="signed"),
    path("<str:channel>/resumption/", views.resumption, name="resumption"),
    path("<str:channel>/invite/<str:ref>/", joining_views.invite, name="invite"),
    path("<str:channel>/<str:act>/", views.answer, name="answer"),
]
