"""Addresses of this screen."""

from __future__ import annotations

from django.urls import URLPattern, path

from qunying.console.settings import communities, corrections, layers, rules_file, signins, stopping

COMMUNITY = "settings/community/<int:community_id>/"

urlpatterns: list[URLPattern] = [
    path("settings/", communities.overview, name="settings"),
    path("settings/community/", communities.found, name="settings-found"),
    path(COMMUNITY, communities.community, name="settings-community"),
    path(f"{COMMUNITY}roster/", communities.enter, name="settings-roster"),
    path(f"{COMMUNITY}roster/<int:staff_id>/strike/", communities.strike, name="settings-strike"),
    path(f"{COMMUNITY}capability/<str:name>/", communities.capability, name="settings-capability"),
    path(f"{COMMUNITY}capability/<str:name>/rules.yaml", rules_file.export, name="settings-rules"),
    path(f"{COMMUNITY}layers/", layers.layers, name="settings-layers"),
    path(f"{COMMUNITY}corrections/", corrections.listing, name="settings-corrections"),
    path(f"{COMMUNITY}corrections/<int:correction_id>/back/", corrections.take_back, name="settings-unteach"),
    path("settings/sign-ins/", signins.listing, name="settings-sign-ins"),
    path("settings/sign-ins/<int:user_id>/<str:verb>/", signins.change, name="settings-sign-in"),
    path("settings/pause/", stopping.pause, name="settings-pause"),
    path("settings/demo/", stopping.demo, name="settings-demo"),
]
