"""Addresses of the shell's own pages."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.i18n import set_language

from comity_node.web import views

app_name = "web"
urlpatterns = [
    path("screen/theme", views.theme, name="theme"),
    path("screen/language", login_not_required(set_language), name="language"),
]
