"""Addresses of the welcome's screens."""

from __future__ import annotations

from django.urls import URLPattern, path

from qunying.capabilities.onboarding.screens import welcome

urlpatterns: list[URLPattern] = [path("", welcome, name="welcome")]
