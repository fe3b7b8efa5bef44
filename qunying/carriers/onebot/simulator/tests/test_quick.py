"""Quick operations: what an application answers to an event."""

from __future__ import annotations

from typing import Any

import pytest

from ..world import World
from .stage import ANN, BOT, GROUP, SECOND, STRANGER, TUESDAY, Ears, build_world, data

NOW = int(TUESDAY.timestamp())


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.mark.parametrize(
    ("operation", "happens"),
    [
        ({"reply": "好[CQ:face,id=1]"}, "[CQ:at,qq=30002] 好[CQ:face,id=1]"),
        ({"reply": "好", "at_sender": False}, "好"),
        ({"reply": "[CQ:face,id=1]", "auto_escape": True, "at_sender": False}, "&#91;CQ:face,id=1&#93;"),
    ],
)
def test_a_reply_is_said_when_the_operation_asks_for_it(world: World, operation: dict[str, Any], happens: str) -> None:
    ears = Ears()
    world.state.listeners.append(ears)
    world.say(GROUP, ANN, "在吗")
    data(world, ".handle_quick_operation", context=ears.last(BOT), operation=operation)
    assert ears.last(SECOND)["raw_message"] == happens


@pytest.mark.parametrize(
    ("operation", "gone", "muted", "removed"),
    [
        ({"delete": True}, True, 0, False),
        ({"ban": True}, False, NOW + 1800, False),
        ({"ban": True, "ban_duration": 60}, False, NOW + 60, False),
        ({"kick": True, "reject_add_request": True}, False, None, True),
        ({"delete": False, "ban": False, "kick": False}, False, 0, False),
    ],
)
def test_the_member_is_dealt_with_when_the_operation_asks_for_it(
    world: World, operation: dict[str, Any], gone: bool, muted: int | None, removed: bool
) -> None:
    ears = Ears()
    world.state.listeners.append(ears)
    message = world.say(GROUP, ANN, "加微信")
    data(world, ".handle_quick_operation", context=ears.last(BOT), operation=operation)
    member = world.state.group(GROUP).members.get(ANN)
    assert (message.is_recalled, member and member.muted_until, member is None) == (gone, muted, removed)
    assert (ANN in world.state.group(GROUP).blocked) is removed


@pytest.mark.parametrize(
    ("operation", "is_approved"), [({"approve": True}, True), ({"approve": False}, False), ({}, None)]
)
def test_a_request_is_answered_when_the_operation_says_how(
    world: World, operation: dict[str, Any], is_approved: bool | None
) -> None:
    ears = Ears()
    world.state.listeners.append(ears)
    request = world.ask(GROUP, STRANGER, "x")
    data(world, ".handle_quick_operation", context=ears.last(BOT), operation=operation)
    assert request.is_approved is is_approved
