"""Addresses of this screen."""

from __future__ import annotations

from django.urls import URLPattern, path

from qunying.console.lines import connecting, views

LINE = "settings/accounts/<int:line_id>/"

urlpatterns: list[URLPattern] = [
    path("settings/accounts/", views.listing, name="settings-accounts"),
    path("settings/accounts/connect/", connecting.connect, name="settings-connect"),
    path("settings/accounts/platforms/", connecting.platforms, name="settings-platforms"),
    path(LINE, views.line, name="settings-line"),
    path(f"{LINE}close/", views.close, name="settings-line-close"),
    path(f"{LINE}<str:verb>/", views.act, name="settings-line-act"),
]
