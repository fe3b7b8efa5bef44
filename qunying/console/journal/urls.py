"""Addresses of this screen."""

from __future__ import annotations

from django.urls import URLPattern, path

from qunying.console.journal import views

urlpatterns: list[URLPattern] = [
    path("journal/", views.listing, name="journal"),
    path("journal/export/", views.export, name="journal-export"),
    path("journal/verify/", views.verify, name="journal-verify"),
]
