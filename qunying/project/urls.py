"""Which address leads where."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("qunying.ui.urls")),
    path("", include("qunying.console.urls")),
]
