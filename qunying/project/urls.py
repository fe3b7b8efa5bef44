"""Which address leads where."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.account.urls")),
]
