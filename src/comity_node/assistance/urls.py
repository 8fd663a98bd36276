"""Addresses of the pages on requests."""

from __future__ import annotations

from django.urls import path

from comity_node.assistance import (
    counting_views,
    finding,
    profile_views,
    talk_views,
    translation_views,
    views,
)

app_name = "assistance"
urlpatterns = [
    path("", views.requests, name="list"),
    path("export.<str:form>", views.export, name="export"),
    path("profiles/", profile_views.published, name="profiles"),
    path("profiles/publish/", profile_views.publish, name="publish-profile"),
    path("figures/<slug:channel>/state/", counting_views.state, name="state-figures"),
    path("talks/<slug:channel>/", talk_views.talks_of, name="talks"),
    path("saved/", finding.saved_filters, name="saved"),
    path("saved/<int:pk>/", finding.saved_filter, name="saved-filter"),
    path("selected/", finding.selected, name="bulk"),
    path("<slug:channel>/<slug:ref>/chronology/", finding.chronology, name="chronology"),
    path("<slug:channel>/<slug:ref>/chronology.<str:form>", finding.chronology_file, name="chronology-file"),
    path("<slug:channel>/<slug:ref>/file.pdf", finding.case_file, name="case-file"),
    path("drafts/", views.drafts, name="drafts"),
    path("drafts/new/", views.new_draft, name="new"),
    path("drafts/<int:pk>/", views.draft, name="draft"),
    path("drafts/<int:pk>/letter.pdf", views.draft_letter, name="draft-letter"),
    path("drafts/<int:pk>/steps/<slug:name>/", views.step, name="step"),
    path("drafts/<int:pk>/submit/", views.submit, name="submit"),
    path("drafts/<int:pk>/reopen/", views.reopen, name="reopen"),
    path("drafts/<int:pk>/discard/", views.discard, name="discard"),
    path("<slug:channel>/<slug:ref>/letter.pdf", views.letter, name="letter"),
    path("<slug:channel>/<slug:ref>/", views.one_request, name="request"),
    path("<slug:channel>/<slug:ref>/handling/", views.internal, name="handling"),
    path("<slug:channel>/<slug:ref>/follow/", views.follow, name="follow"),
    path("<slug:channel>/<slug:ref>/acts/<slug:act_name>/", views.act, name="act"),
    path(
        "<slug:channel>/<slug:ref>/translate/<slug:party>/<int:index>/",
        translation_views.attach,
        name="translate",
    ),
    path("<slug:channel>/<slug:ref>/<slug:tab>/", views.one_request, name="tab"),
]
