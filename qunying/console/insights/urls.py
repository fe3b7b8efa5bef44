"""Addresses of the metric catalogue."""

from __future__ import annotations

from django.urls import URLPattern, path

from qunying.console.insights import views

urlpatterns: list[URLPattern] = [
    path("insights/", views.catalogue, name="insights"),
    path("insights/<slug:name>/", views.metric, name="insights-metric"),
    path("insights/<slug:name>/answer/", views.answer, name="insights-answer"),
    path("insights/<slug:name>/people/", views.people, name="insights-people"),
]
