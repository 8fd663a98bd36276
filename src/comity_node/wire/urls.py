"""Where counterparts reach this node."""

from __future__ import annotations

from django.urls import path

from comity_node.wire import views

app_name = "wire"
urlpatterns = [
    path("hello", views.hello, name="hello"),
    path("bundle", views.deliver, name="deliver"),
    path("misconduct/<str:channel>/<str:author>", views.misconduct, name="misconduct"),
    path("logs/<str:channel>/<str:author>", views.part, name="part"),
    path("exhibits/<str:name>", views.exhibit, name="exhibit"),
]
