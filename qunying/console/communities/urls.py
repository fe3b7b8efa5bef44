"""Addresses of this screen."""

from __future__ import annotations

from django.urls import URLPattern, path

from qunying.console.communities import views

urlpatterns: list[URLPattern] = [
    path("communities/", views.communities, name="communities"),
    path("communities/<int:community_id>/card/", views.card, name="community-card"),
]
