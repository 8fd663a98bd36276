"""Addresses of the channels' pages."""

from __future__ import annotations

from django.urls import path

from comity_node.channels import figure_views, views

app_name = "channels"
urlpatterns = [
    path("", views.channel_list, name="list"),
    path("export.<str:form>", views.export, name="export"),
    path("propose/", views.propose, name="propose"),
    path("<str:channel>/", views.channel, name="channel"),
    path("<str:channel>/reciprocity/", figure_views.reciprocity, name="reciprocity"),
    path("<str:channel>/reciprocity.<str:form>", figure_views.reciprocity_file, name="reciprocity-file"),
    path("<str:channel>/obligations/", views.obligations, name="obligations"),
    path("<str:channel>/<str:act>/", views.answer, name="answer"),
]
