"""Addresses of the pages about who carries a community."""

from __future__ import annotations

from django.urls import URLPattern, path

from qunying.console.seeds import doing, views

HERE = "seeds/<int:community_id>"
urlpatterns: list[URLPattern] = [
    path("seeds/", views.choose, name="seeds"),
    path(f"{HERE}/", views.ranking, name="seeds-community"),
    path(f"{HERE}/count/", views.count, name="seeds-count"),
    path(f"{HERE}/make/", views.make, name="seeds-make"),
    path(f"{HERE}/ladder/", doing.ladder, name="seeds-ladder"),
    path(f"{HERE}/weights/", doing.weights, name="seeds-weights"),
    path(f"{HERE}/lists/", views.lists, name="seeds-lists"),
    path(f"{HERE}/lists/<int:list_id>/", views.shortlist, name="seeds-list"),
    path(f"{HERE}/lists/<int:list_id>/change/", views.change, name="seeds-list-change"),
    path(f"{HERE}/lists/<int:list_id>/talks/", doing.plan, name="seeds-plan"),
    path(f"{HERE}/lists/<int:list_id>/invite/", doing.invite, name="seeds-invite"),
]
