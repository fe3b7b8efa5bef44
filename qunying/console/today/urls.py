"""Addresses of Today."""

from __future__ import annotations

from django.urls import URLPattern, path

from qunying.console.today import views

urlpatterns: list[URLPattern] = [
    path("", views.today, name="today"),
    path("today/tasks/<int:task_id>/done/", views.finish, name="today-done"),
    path("today/tasks/<int:task_id>/undone/", views.unfinish, name="today-undone"),
    path("today/cases/<int:case_id>/seen/", views.see, name="today-seen"),
    path("today/failed/<int:community_id>/again/", views.retry, name="today-retry"),
    path("today/outbox/<int:item_id>/hold/", views.hold_item, name="today-hold-item"),
    path("today/outbox/<int:item_id>/release/", views.release_item, name="today-release-item"),
    path("today/timers/<int:timer_id>/hold/", views.hold_timer, name="today-hold-timer"),
    path("today/timers/release/<str:note>/", views.release_timer, name="today-release-timer"),
]
