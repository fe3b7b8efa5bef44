"""Addresses of one group's pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from qunying.console.group import lineage_views, views

urlpatterns: list[URLPattern] = [
    path("groups/<int:group_id>/", views.overview, name="group"),
    path("groups/<int:group_id>/stream/", views.stream, name="group-stream"),
    path("groups/<int:group_id>/say/", views.say, name="group-say"),
    path("groups/<int:group_id>/say/<int:item_id>/back/", views.unsay, name="group-unsay"),
    path("groups/<int:group_id>/members/", views.members, name="group-members"),
    path("groups/<int:group_id>/members/touch/", views.touch, name="group-touch"),
    path("groups/<int:group_id>/members/export/", views.members_file, name="group-members-export"),
    path("groups/<int:group_id>/messages/", views.messages, name="group-messages"),
    path("groups/<int:group_id>/messages/<int:message_id>/", views.message, name="group-message"),
    path("groups/<int:group_id>/messages/<int:message_id>/teach/", views.teach, name="group-teach"),
    path("groups/<int:group_id>/corrections/<int:correction_id>/back/", views.unteach, name="group-unteach"),
    path("groups/<int:group_id>/talks/", views.talks, name="group-talks"),
    path("groups/<int:group_id>/kept/", views.kept, name="group-kept"),
    path("groups/<int:group_id>/carried/", views.carried, name="group-carried"),
    path("groups/<int:group_id>/settings/", views.settings, name="group-settings"),
    path("groups/<int:group_id>/settings/notes/", views.save_notes, name="group-notes"),
    path("groups/<int:group_id>/settings/lineage/", lineage_views.lineage, name="group-lineage"),
    path("groups/<int:group_id>/settings/lineage/<int:link_id>/drop/", lineage_views.unlink, name="group-unlink"),
    path("groups/<int:group_id>/settings/<slug:name>/", views.save_capability, name="group-capability"),
]
