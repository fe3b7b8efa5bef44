"""The story end to end, small: what arrives is kept, thought about and answered."""

from __future__ import annotations

from datetime import timedelta

from qunying.outbox.models import OutboxItem
from qunying.talk.models import Message
from tests import cast


def test_newcomers_are_welcomed_together_when_three_minutes_have_passed(tea: cast.Tea) -> None:
    cast.arrive([cast.message("m1", "an", "早上好，今天喝什么"), cast.join("j1", "chen"), cast.join("j2", "fang")])
    cast.passed(cast.TUESDAY, cast.TUESDAY + timedelta(minutes=4))
    said = OutboxItem.objects.get()
    assert said.state == "sent"
    assert "欢迎 陈晨、方方 来到" in said.payload["text"]
    assert "小李" in said.payload["text"]
    assert Message.objects.filter(is_own=True).count() == 1
    assert Message.objects.get(source_key="m1").text == "早上好，今天喝什么"
