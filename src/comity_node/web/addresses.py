"""Addresses of the shell's own pages: the desk, the record, verification."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.i18n import set_language

from comity_node.web import contacts, desk, entries, instruments, live, logs, receipts, search, verify, views

app_name = "web"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("live", live.live, name="live"),
    path("search/", search.search, name="search"),
    path("contacts/", contacts.contacts, name="contacts"),
    path("contacts/export.<str:form>", contacts.contacts_export, name="contacts-export"),
    path("logs/", logs.logs, name="logs"),
    path("logs/<str:party>/<str:channel>/", logs.log, name="log"),
    path("logs/<str:party>/<str:channel>/export.<str:form>", logs.export, name="log-export"),
    path("logs/<str:party>/<str:channel>/checkpoint", logs.checkpoint, name="checkpoint"),
    path("logs/<str:party>/<str:channel>/<int:index>/", entries.entry, name="entry"),
    path("logs/<str:party>/<str:channel>/<int:index>/proof", entries.proof, name="proof"),
    path("logs/<str:party>/<str:channel>/receipt", receipts.receipt, name="receipt"),
    path("logs/<str:party>/<str:channel>/receipt.pdf", receipts.sheet, name="receipt-sheet"),
    path("receipts/enter/", receipts.enter, name="enter-receipt"),
    path("misconduct/<str:sha256>", logs.misconduct, name="misconduct"),
    path("instruments/", instruments.instruments, name="instruments"),
    path("instruments/<str:name>/", instruments.instrument, name="instrument"),
    path("instruments/<str:name>/<str:procedure>/", instruments.procedure, name="procedure"),
    path("verify/", verify.verify, name="verify"),
    path("verify/page/", verify.page, name="verifier"),
    path("screen/theme", views.theme, name="theme"),
    path("screen/language", login_not_required(set_language), name="language"),
]
