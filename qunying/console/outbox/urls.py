"""Addresses of this screen."""

from __future__ import annotations

from django.urls import URLPattern, path

from qunying.console.outbox import views

urlpatterns: list[URLPattern] = [
    path("outbox/", views.listing, name="outbox"),
    path("outbox/news/", views.news, name="outbox-news"),
    path("outbox/<int:item_id>/unhold/", views.unhold, name="outbox-unhold"),
    path("outbox/<int:item_id>/<str:verb>/", views.decide, name="outbox-decide"),
]
