"""Addresses of this screen."""

from __future__ import annotations

from django.urls import URLPattern, path

from qunying.console.search.views import search

urlpatterns: list[URLPattern] = [path("search/", search, name="search")]
