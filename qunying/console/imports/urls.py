"""Addresses of this screen."""

from __future__ import annotations

from django.urls import URLPattern, path

from qunying.console.imports import views

urlpatterns: list[URLPattern] = [
    path("import/", views.imports, name="import"),
    path("import/upload/<str:token>/", views.look, name="import-look"),
    path("import/upload/<str:token>/drop/", views.forget, name="import-forget"),
    path("import/<int:run_id>/", views.run, name="import-run"),
    path("import/<int:run_id>/pause/", views.pause, name="import-pause"),
    path("import/<int:run_id>/resume/", views.resume, name="import-resume"),
    path("import/<int:run_id>/drop/", views.drop, name="import-drop"),
    path("import/<int:run_id>/skipped.csv", views.skipped, name="import-skipped"),
]
