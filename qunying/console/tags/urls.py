"""Addresses of this screen."""

from __future__ import annotations

from django.urls import URLPattern, path

from qunying.console.tags import bulk, views

urlpatterns: list[URLPattern] = [
    path("people/tags/", views.tags, name="people-tags"),
    path("people/tags/<int:tag_id>/", views.tag, name="people-tag"),
    path("people/tags/<int:tag_id>/import/", views.upload, name="people-tag-import"),
    path("people/tags/<int:tag_id>/retire/", views.retire, name="people-tag-retire"),
    path("people/tags/<int:tag_id>/undo/<slug:batch>/", views.untag_batch, name="people-untag-batch"),
    path("people/tags/<int:tag_id>/back/<slug:batch>/", bulk.back, name="people-retag-batch"),
    path("people/tagging/", bulk.many, name="people-tagging"),
    path("people/<int:person_id>/traits/", views.traits, name="person-traits"),
    path("people/<int:person_id>/tags/give/", views.give, name="person-tag"),
    path("people/<int:person_id>/tags/take/", views.take, name="person-untag"),
]
