"""Addresses of the pages on exercises."""

from __future__ import annotations

from django.urls import path

from comity_node.exercises import views

app_name = "exercises"
urlpatterns = [
    path("", views.exercises, name="list"),
    path("<slug:channel>/", views.debrief, name="debrief"),
    path("<slug:channel>/export.<str:form>", views.exported, name="export"),
]
