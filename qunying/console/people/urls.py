"""Addresses of this screen."""

from __future__ import annotations

from django.urls import URLPattern, path

from qunying.console.people import deciding, leaving, noting, views

urlpatterns: list[URLPattern] = [
    path("people/", views.people, name="people"),
    path("people/export/", views.export, name="people-export"),
    path("people/same/", deciding.same, name="people-same"),
    path("people/same/<int:pair_id>/decide/", deciding.decide, name="people-decide"),
    path("people/same/<int:pair_id>/recall/", deciding.recall, name="people-recall"),
    path("people/merges/<int:merge_id>/undo/", deciding.unmerge, name="people-unmerge"),
    path("people/aparts/<int:apart_id>/undo/", deciding.unapart, name="people-unapart"),
    path("people/<int:person_id>/", views.person, name="person"),
    path("people/<int:person_id>/beside/", views.beside, name="person-beside"),
    path("people/<int:person_id>/merge/", deciding.by_hand, name="person-merge"),
    path("people/<int:person_id>/notes/", noting.note, name="person-note"),
    path("people/<int:person_id>/notes/<int:note_id>/undo/", noting.unnote, name="person-unnote"),
    path("people/<int:person_id>/seats/<int:seat_id>/why/", leaving.why, name="person-why"),
    path("people/<int:person_id>/whys/<int:reason_id>/undo/", leaving.unwhy, name="person-unwhy"),
    path("people/<int:person_id>/consents/", noting.consent, name="person-consent"),
    path("people/<int:person_id>/cards/<int:seat_id>/correct/", views.correct, name="person-correct"),
    path("people/<int:person_id>/cards/<int:seat_id>/uncorrect/", views.uncorrect, name="person-uncorrect"),
]
