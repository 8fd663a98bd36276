"""Addresses of the shell's own pages: the desk, the record, verification."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.i18n import set_language

from comity_node.web import desk, live, record_pages, views

app_name = "web"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("live", live.live, name="live"),
    path("logs/", record_pages.logs, name="logs"),
    path("logs/<str:party>/<str:channel>/", record_pages.log, name="log"),
    path("logs/<str:party>/<str:channel>/checkpoint", record_pages.checkpoint, name="checkpoint"),
    path("logs/<str:party>/<str:channel>/<int:index>/", record_pages.entry, name="entry"),
    path("logs/<str:party>/<str:channel>/<int:index>/proof", record_pages.proof, name="proof"),
    path("screen/theme", views.theme, name="theme"),
    path("screen/language", login_not_required(set_language), name="language"),
]
