"""Addresses of the pages on requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.urls import URLPattern

app_name = "assistance"
urlpatterns: list[URLPattern] = []
