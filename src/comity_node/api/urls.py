"""Addresses of the pages on case systems."""

from __future__ import annotations

from django.urls import path

from comity_node.api import views

app_name = "api"
urlpatterns = [
    path("", views.systems, name="systems"),
    path("tokens/new/", views.issue, name="issue"),
    path("tokens/<slug:name>/draw/", views.draw, name="draw"),
    path("tokens/<slug:name>/revoke/", views.revoke, name="revoke"),
    path("hooks/new/", views.add_hook, name="add-hook"),
    path("hooks/<slug:name>/test/", views.test_hook, name="test-hook"),
    path("hooks/<slug:name>/remove/", views.remove_hook, name="remove-hook"),
    path("handed-over/<int:pk>/", views.handed_over, name="handed-over"),
    path("handed-over/<int:pk>/back/", views.send_back, name="send-back"),
]
