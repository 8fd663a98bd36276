"""Addresses of the talks' pages."""

from __future__ import annotations

from django.urls import path

from comity_node.talk import minutes_views, views

app_name = "talk"
_ONE = "<slug:channel>/<slug:ref>/"
urlpatterns = [
    path("", views.talks, name="list"),
    path("<slug:channel>/open/", views.open_, name="open"),
    path(_ONE, views.talk, name="talk"),
    path(f"{_ONE}say/", views.say, name="say"),
    path(f"{_ONE}read/", views.read, name="read"),
    path(f"{_ONE}acts/<slug:act>/", views.move, name="move"),
    path(f"{_ONE}translate/<slug:party>/<int:index>/", views.translate, name="translate"),
    path(f"{_ONE}minutes/", minutes_views.all_minutes, name="minutes"),
    path(f"{_ONE}minutes/propose/", minutes_views.propose, name="propose"),
    path(f"{_ONE}minutes/<slug:party>/<int:index>/", minutes_views.one, name="one-minutes"),
    path(f"{_ONE}minutes/<slug:party>/<int:index>/<slug:act>/", minutes_views.answer, name="answer"),
]
