"""Addresses of a group's report."""

from __future__ import annotations

from django.urls import URLPattern, path

from qunying.console.report import views

urlpatterns: list[URLPattern] = [
    path("groups/<int:group_id>/report/", views.report, name="group-report"),
    path("groups/<int:group_id>/report/<slug:shape>/", views.download, name="group-report-file"),
]
