"""Addresses of this screen."""

from __future__ import annotations

from django.urls import URLPattern, path

from qunying.console.sandbox import views

urlpatterns: list[URLPattern] = [
    path("sandbox/", views.choose, name="sandbox"),
    path("sandbox/new/", views.open_one, name="sandbox-open"),
    path("sandbox/<str:token>/", views.lab, name="sandbox-lab"),
    path("sandbox/<str:token>/play/", views.play, name="sandbox-play"),
    path("sandbox/<str:token>/person/", views.person, name="sandbox-person"),
    path("sandbox/<str:token>/clear/", views.clear, name="sandbox-clear"),
    path("sandbox/<str:token>/back/", views.take_back, name="sandbox-back"),
    path("sandbox/<str:token>/drop/", views.drop, name="sandbox-drop"),
    path("sandbox/<str:token>/drill/", views.drill, name="sandbox-drill"),
    path("sandbox/<str:token>/picture/<str:name>", views.picture, name="sandbox-picture"),
]
