"""Django's handle on this folder."""

from __future__ import annotations

from django.apps import AppConfig


class Config(AppConfig):
    """Label and path."""

    name = "qunying.carriers.wire"
    label = "wire"
