"""Addresses of this screen."""

from __future__ import annotations

from django.urls import URLPattern, path

from qunying.console.deeds import hook, views

urlpatterns: list[URLPattern] = [
    path("import/deeds/", views.page, name="deeds"),
    path("import/deeds/upload/<str:token>/", views.look, name="deeds-look"),
    path("import/deeds/<int:import_id>/", views.brought, name="deeds-import"),
    path("import/deeds/<int:import_id>/back/", views.take_back, name="deeds-back"),
    path("communities/<int:community_id>/hook/deeds/", hook.tell, name="community-hook-deeds"),
]
