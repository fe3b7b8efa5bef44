"""Addresses of the incident desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from qunying.capabilities.incidents import screens

urlpatterns: list[URLPattern] = [
    path("", screens.desk, name="desk"),
    path("<int:incident_id>/", screens.incident, name="incident"),
    path("<int:incident_id>/owner/", screens.change_owner, name="owner"),
    path("<int:incident_id>/note/", screens.write_note, name="note"),
    path("<int:incident_id>/close/", screens.close, name="close"),
    path("<int:incident_id>/reopen/", screens.reopen, name="reopen"),
    path("<int:incident_id>/everywhere/", screens.everywhere, name="everywhere"),
    path("<int:incident_id>/tasks/<int:task_id>/", screens.finish, name="finish"),
]
