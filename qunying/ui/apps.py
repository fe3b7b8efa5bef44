"""Registers the shell with Django."""

from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    """The look of the console."""

    name = "qunying.ui"
    label = "ui"
