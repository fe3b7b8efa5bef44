"""Addresses of the daily, weekly and monthly reports."""

from __future__ import annotations

from django.urls import URLPattern, path

from qunying.console.reports import views

urlpatterns: list[URLPattern] = [
    path("reports/", views.reports, name="reports"),
    path("reports/<int:community_id>/<slug:period>/", views.digest, name="digest"),
    path("reports/<int:community_id>/<slug:period>/rest/", views.rest, name="digest-rest"),
    path("reports/<int:community_id>/<slug:period>/<slug:shape>/", views.download, name="digest-file"),
]
