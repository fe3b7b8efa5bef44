"""Addresses of the review."""

from __future__ import annotations

from django.urls import URLPattern, path

from qunying.console.review import asking, views

urlpatterns: list[URLPattern] = [
    path("review/", views.review, name="review"),
    path("review/<int:case_id>/", views.case, name="review-case"),
    path("review/<int:case_id>/hold/", views.hold, name="review-hold"),
    path("review/<int:case_id>/decide/", views.decide, name="review-decide"),
    path("review/<int:case_id>/back/", views.back, name="review-back"),
    path("review/<int:case_id>/hand-on/", asking.hand_on, name="review-hand-on"),
    path("review/<int:case_id>/answer/<str:outcome>/", asking.answer, name="review-answer"),
]
