"""What our acts answer when the server is not willing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from qunying.carriers.base import Answer, Delivery, Outcome
from qunying.carriers.matrix.acts import Acts
from qunying.carriers.matrix.homeserver import NoAnswer, Said
from qunying.carriers.matrix.room import Room
from qunying.kernel import clock
from qunying.kernel.effects import Mute, Outside, RejectJoin, Say, SetCard
from tests import cast

OWN, AN = "@bot:test", "@an:test"
SAY = Say(group_id=1, text="你好")
MUTE = Mute(group_id=1, member=1, duration=timedelta(minutes=5))


class Server:
    """Answers every question the same; ``asked`` is what it was asked."""

    def __init__(self, answer: Mapping[str, Any] | Exception) -> None:
        self.answer = answer
        self.asked: list[tuple[str, ...]] = []

    async def ask(self, *path: str, **more: Any) -> Mapping[str, Any]:
        self.asked.append(path)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def act(server: Server, effect: Outside = SAY) -> Answer:
    acts = Acts(server, OWN, {"!r": Room("!r")})  # type: ignore[arg-type]
    return asyncio.run(acts.act(Delivery("k1", effect, OWN, "!r", AN)))


@pytest.mark.parametrize("effect", [SAY, MUTE])
def test_it_is_tried_when_the_server_allows_it_again_when_we_were_too_fast(effect: Outside) -> None:
    with cast.clock_stands(cast.TUESDAY):
        answer = act(Server(Said(429, "M_LIMIT_EXCEEDED", "Too Many Requests", timedelta(seconds=30))), effect)
        assert (answer.outcome, answer.retry_at) == (Outcome.LATER, clock.now() + timedelta(seconds=30))


def test_it_is_tried_again_when_nobody_answers_for_the_server_knows_our_key() -> None:
    server = Server(NoAnswer("away"))
    assert act(server).outcome is Outcome.LATER
    assert server.asked == [("PUT", "rooms", "!r", "send", "m.room.message", "k1")]


def test_it_is_refused_in_the_servers_words_when_we_may_not() -> None:
    answer = act(Server(Said(403, "M_FORBIDDEN", "You don't have permission")))
    assert answer == Answer(Outcome.REFUSED, words="You don't have permission")


def test_nothing_is_asked_when_the_platform_cannot_do_it() -> None:
    server = Server({})
    assert act(server, SetCard(group_id=1, member=1, card="x")).outcome is Outcome.REFUSED
    assert server.asked == []


def test_a_member_is_not_put_out_when_their_old_request_is_turned_down() -> None:
    server = Server({"membership": "join"})
    assert act(server, RejectJoin(group_id=1, request_ref=f"{AN} $x")).outcome is Outcome.REFUSED
    assert [path[0] for path in server.asked] == ["GET"]
