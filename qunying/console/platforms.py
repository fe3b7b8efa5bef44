"""What chat platforms are called."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qunying.carriers.live import find_carrier


def tell_platform(carrier: str) -> str:
    """The platform's title; its own name where no such carrier is installed."""
    known = find_carrier(carrier)
    return _(known.title) if known else carrier
