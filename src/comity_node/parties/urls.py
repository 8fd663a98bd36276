"""Addresses of the pages on the Parties to instruments."""

from __future__ import annotations

from django.urls import path

from comity_node.parties import views

app_name = "parties"
urlpatterns = [
    path("<str:instrument>/", views.parties, name="parties"),
    path("<str:instrument>/update/", views.update, name="update"),
    path("<str:instrument>/take/", views.take, name="take"),
    path("<str:instrument>/take-back/", views.take_back, name="take-back"),
    path("<str:instrument>/<int:number>/file/", views.file, name="file"),
]
