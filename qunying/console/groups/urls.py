"""Addresses of the list of groups, and of what belongs to one group."""

from __future__ import annotations

from django.urls import URLPattern, path

from qunying.console.group.urls import urlpatterns as group
from qunying.console.groups import edit_views, table_views
from qunying.console.groups.views import export, groups
from qunying.console.report.urls import urlpatterns as report

urlpatterns: list[URLPattern] = [
    path("groups/", groups, name="groups"),
    path("groups/export/", export, name="groups-export"),
    path("groups/edit/", edit_views.edit, name="groups-edit"),
    path("groups/edit/<int:edit_id>/", edit_views.edited, name="groups-edited"),
    path("groups/edit/<int:edit_id>/undo/", edit_views.undo, name="groups-undo"),
    path("groups/table/", table_views.table, name="groups-table"),
    *group,
    *report,
]
