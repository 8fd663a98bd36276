"""Addresses of the officials' pages."""

from __future__ import annotations

from django.urls import path

from comity_node.officials import appointing, sign_in, views

app_name = "officials"
urlpatterns = [
    path("", views.list_, name="list"),
    path("login/", sign_in.login, name="login"),
    path("logout/", sign_in.logout, name="logout"),
    path("password/", sign_in.password, name="password"),
    path("sign-ins/", sign_in.sign_ins, name="sign-ins"),
    path("sign-ins/<int:pk>/end/", sign_in.end, name="end-sign-in"),
    path("approvals/", views.approvals, name="approvals"),
    path("approvals/<int:pk>/", views.approval, name="approval"),
    path("approvals/<int:pk>/second/", views.second, name="second"),
    path("approvals/<int:pk>/return/", views.return_, name="return"),
    path("journal/", views.journal, name="journal"),
    path("new/", appointing.new, name="new"),
    path("offices/", appointing.offices, name="offices"),
    path("people/<int:pk>/", appointing.official, name="official"),
    path("people/<int:pk>/appoint/", appointing.appoint, name="appoint"),
    path("people/<int:pk>/password/", appointing.password, name="give-password"),
    path("people/<int:pk>/<slug:change>/", appointing.change, name="change"),
]
