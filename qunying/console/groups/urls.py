"""Addresses of the list of groups, and of what belongs to one group."""

from __future__ import annotations

from django.urls import URLPattern, path

from qunying.console.group.urls import urlpatterns as group
from qunying.console.groups.views import export, groups
from qunying.console.report.urls import urlpatterns as report

urlpatterns: list[URLPattern] = [
    path("groups/", groups, name="groups"),
    path("groups/export/", export, name="groups-export"),
    *group,
    *report,
]
