"""The thin thread: a message comes in over a reverse WebSocket, words go out, through gateway and worker."""

from __future__ import annotations

import pytest

from qunying.carriers.base import Outcome
from qunying.kernel.effects import Say
from tests.onebot.stage import ANN, BOT, GROUP, live

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.server]


def test_a_message_comes_in_and_an_answer_goes_out_when_the_implementation_dials_us() -> None:
    with live() as play:
        message = play.world.say(GROUP, ANN, "[CQ:at,qq=10001] 什么时候开课？")
        play.until_said("@10001 什么时候开课？")
        answer = play.do(Say(group_id=1, text="周六上午", reply_to=f"s{message.seq}", mentions=(7,)), mentions=(ANN,))
        assert answer.outcome is Outcome.DONE
        last = play.world.list_said(GROUP)[-1]
        assert [(part.type, *part.data.values()) for part in last.segments] == [
            ("reply", str(message.message_id)),
            ("at", str(ANN)),
            ("text", " 周六上午"),
        ]
        assert answer.ref == f"s{last.seq}"
        assert play.mishaps(BOT) == {}
