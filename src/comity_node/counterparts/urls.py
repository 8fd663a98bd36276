"""Addresses of the counterparts' pages."""

from __future__ import annotations

from django.urls import path

from comity_node.counterparts import views

app_name = "counterparts"
urlpatterns = [
    path("", views.list_, name="list"),
    path("import/", views.import_, name="import"),
    path("issue/", views.issue, name="issue"),
    path("passports/<int:pk>/", views.passport, name="passport"),
    path("passports/<int:pk>/file/", views.download, name="download"),
    path("passports/<int:pk>/ceremony/", views.ceremony, name="ceremony"),
    path("passports/<int:pk>/accept/", views.accept, name="accept"),
    path("introductions/<int:pk>/", views.introduction, name="introduction"),
    path("<str:party>/introduce/", views.introduce, name="introduce"),
    path("<str:party>/stop/", views.stop, name="stop"),
    path("<str:party>/restore/", views.restore, name="restore"),
]
