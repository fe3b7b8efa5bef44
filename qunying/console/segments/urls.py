"""Addresses of this screen."""

from __future__ import annotations

from django.urls import URLPattern, path

from qunying.console.segments import views

urlpatterns: list[URLPattern] = [
    path("people/segments/", views.segments, name="people-segments"),
    path("people/segments/new/", views.build, name="people-segment-new"),
    path("people/segments/<int:segment_id>/", views.segment, name="people-segment"),
    path("people/segments/<int:segment_id>/people/", views.people, name="people-segment-people"),
    path("people/segments/<int:segment_id>/edit/", views.build, name="people-segment-edit"),
    path("people/segments/<int:segment_id>/export/", views.export, name="people-segment-export"),
    path("people/segments/<int:segment_id>/freeze/", views.freeze, name="people-segment-freeze"),
    path("people/segments/<int:segment_id>/remove/", views.remove, name="people-segment-remove"),
    path("people/segments/<int:segment_id>/tag/", views.tag, name="people-segment-tag"),
]
