"""Addresses of the lists of words, and of what becomes one."""

from __future__ import annotations

from django.urls import URLPattern, path

from qunying.capabilities.order import learning, screens

LIST = "lists/<int:list_id>/"

urlpatterns: list[URLPattern] = [
    path("learn/", learning.learn, name="learn"),
    path("lists/", screens.lists, name="lists"),
    path(LIST, screens.one_list, name="list"),
    path(f"{LIST}change/", screens.change, name="list-change"),
    path(f"{LIST}words/", screens.write, name="list-write"),
    path(f"{LIST}import/", screens.bring, name="list-import"),
    path(f"{LIST}strike/", screens.strike, name="list-strike"),
    path(f"{LIST}idle/", screens.strike_idle, name="list-idle"),
    path(f"{LIST}back/", screens.take_back, name="list-back"),
    path(f"{LIST}switch/", screens.switch, name="list-switch"),
    path(f"{LIST}remove/", screens.remove, name="list-remove"),
    path(f"{LIST}words.csv", screens.export, name="list-export"),
]
