"""Addresses of the rules."""

from __future__ import annotations

from django.urls import URLPattern, path

from qunying.capabilities.rules import screens

urlpatterns: list[URLPattern] = [
    path("", screens.desk, name="desk"),
    path("of/<int:community_id>/", screens.write, name="write"),
    path("<int:rule_id>/", screens.rule, name="rule"),
    path("<int:rule_id>/export/", screens.export, name="rule-export"),
    path("<int:rule_id>/edit/", screens.edit, name="edit"),
    path("<int:rule_id>/drop/", screens.drop, name="drop"),
    path("<int:rule_id>/restore/", screens.restore, name="restore"),
    path("<int:rule_id>/up/", screens.raise_up, name="up"),
    path("<int:rule_id>/say/", screens.say, name="say"),
    path("<int:rule_id>/tell/", screens.tell, name="tell"),
]
