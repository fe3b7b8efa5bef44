"""Addresses of this screen."""

from __future__ import annotations

from django.urls import URLPattern, path

from qunying.console.people import views

urlpatterns: list[URLPattern] = [
    path("people/", views.people, name="people"),
    path("people/export/", views.export, name="people-export"),
    path("people/<int:person_id>/", views.person, name="person"),
    path("people/<int:person_id>/cards/<int:seat_id>/correct/", views.correct, name="person-correct"),
    path("people/<int:person_id>/cards/<int:seat_id>/uncorrect/", views.uncorrect, name="person-uncorrect"),
]
