"""Where logs reach this node as a witness."""

from __future__ import annotations

from django.urls import path

from comity_node.witness import views

app_name = "witness"
urlpatterns = [path("add-checkpoint", views.submit, name="add-checkpoint")]
