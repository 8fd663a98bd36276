"""Addresses of the pages on the roster and on calls."""

from __future__ import annotations

from django.urls import path

from comity_node.duty import views, ways_views

app_name = "duty"
urlpatterns = [
    path("", views.roster, name="roster"),
    path("shifts/<int:pk>/remove/", views.remove, name="remove"),
    path("shifts/<int:pk>/swap/", views.swap, name="swap"),
    path("take-over/", views.take_over, name="take-over"),
    path("notes/", views.notes, name="notes"),
    path("notes/<int:pk>/read/", views.read, name="read"),
    path("calls/", ways_views.calls, name="calls"),
    path("calls/seen/", ways_views.seen, name="seen"),
    path("alerts/<slug:channel>/<slug:ref>/", views.course, name="course"),
    path("ways/", ways_views.ways, name="ways"),
    path("ways/wishes/", ways_views.wish, name="wish"),
    path("ways/add/<slug:way>/", ways_views.add, name="add-way"),
    path("ways/<int:pk>/test/", ways_views.test, name="test-way"),
    path("ways/<int:pk>/remove/", ways_views.remove, name="remove-way"),
    path("ways/page/test/", ways_views.test_page, name="test-page"),
    path("ways/push/", ways_views.subscribe, name="subscribe"),
]
