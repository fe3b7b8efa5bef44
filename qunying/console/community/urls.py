"""Addresses of a community's pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from qunying.console.community import carried, chain, changing, hook, leaving, numbers, targets, views

HERE = "communities/<int:community_id>/"

urlpatterns: list[URLPattern] = [
    path(HERE, views.page, name="community"),
    path(f"{HERE}board/", views.board, name="community-board"),
    path(f"{HERE}carried/", carried.carried, name="community-carried"),
    path(f"{HERE}chain/", chain.page, name="community-chain"),
    path(f"{HERE}chain/lay/", chain.lay, name="community-chain-lay"),
    path(f"{HERE}chain/add/", chain.add, name="community-chain-add"),
    path(f"{HERE}chain/links/<int:link_id>/<slug:verb>/", chain.change, name="community-chain-change"),
    path(f"{HERE}chain/versions/<int:version_id>/back/", chain.take_back, name="community-chain-back"),
    path(f"{HERE}numbers/", numbers.take, name="community-numbers"),
    path(f"{HERE}hook/", hook.tell, name="community-hook"),
    path(f"{HERE}hook/token/", numbers.make_token, name="community-token"),
    path(f"{HERE}hook/token/drop/", numbers.drop_token, name="community-token-drop"),
    path(f"{HERE}left/", leaving.page, name="community-left"),
    path(f"{HERE}kpis/<slug:name>/", targets.page, name="community-kpi"),
    path(f"{HERE}kpis/<slug:name>/target/", targets.aim, name="community-kpi-aim"),
    path(f"{HERE}kpis/<slug:name>/target/back/", targets.take_back, name="community-kpi-back"),
    path(f"{HERE}stage/", changing.confirm, name="community-stage"),
    path(f"{HERE}stage/back/", changing.take_back_stage, name="community-stage-back"),
    path(f"{HERE}stage/<slug:stage>/<slug:item>/", changing.tick, name="community-tick"),
    path(f"{HERE}places/", changing.add_place, name="community-place"),
]
