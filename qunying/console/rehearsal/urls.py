"""Addresses of this screen."""

from __future__ import annotations

from django.urls import URLPattern, path

from qunying.console.rehearsal import views

urlpatterns: list[URLPattern] = [
    path("rehearse/", views.page, name="rehearse"),
    path("rehearse/<int:run_id>/", views.run, name="rehearse-run"),
    path("rehearse/<int:run_id>/drop/", views.drop, name="rehearse-drop"),
    path("rehearse/<int:run_id>/compare/", views.compare, name="rehearse-compare"),
    path("rehearse/<int:run_id>/keep/", views.keep, name="rehearse-keep"),
    path("rehearse/<int:run_id>/back/", views.take_back, name="rehearse-back"),
]
