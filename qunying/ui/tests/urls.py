"""Addresses for these tests: the shell's own, and the gallery whether or not DEBUG is on."""

from __future__ import annotations

from django.urls import path

from qunying.ui import gallery
from qunying.ui.urls import urlpatterns as own

urlpatterns = [
    *own,
    path("gallery/", gallery.show),
    path("gallery/found/", gallery.find),
    path("", gallery.find),
]
