from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from qunying.carriers.sandbox.room import do_replay
from qunying.carriers.sandbox.worlds import find_world
from qunying.communities.actions import NewGroup, do_found_community, do_register_group
from qunying.communities.models import Community, Group
from qunying.communities.queries import demo_communities, list_leaving_communities
from qunying.deeds.actions import NewDeed, do_keep_deeds
from qunying.desk.actions import do_open_task
from qunying.insights import keeping, standing
from qunying.insights.models import Part
from qunying.insights.parts import lake_folder
from qunying.insights.seeds import counting
from qunying.journal.actions import do_seal
from qunying.journal.queries import find_flaws
from qunying.kernel import clock
from qunying.kernel.effects import OpenTask
from qunying.kernel.errors import BadUse
from qunying.ledger.actions import Act, do_pay_deposit
from qunying.people import alike
from qunying.people.actions import Enrolled, do_enrol
from qunying.people.ladder import do_ask_to_count
from qunying.people.models import Identity
from qunying.pipeline import loops, relay
from qunying.pipeline.demo import remove
from qunying.pipeline.demo.build import do_add_demo
from qunying.pipeline.demo.live import do_catch_up, step
from qunying.pipeline.demo.remove import do_begin_removal, do_finish_removal
from qunying.pipeline.past.plan import do_start_run
from qunying.runners.management.commands.up import wants_demo
from qunying.talk import theming
from qunying.talk.actions import NewMessage, do_keep_messages
from qunying.talk.models import Message
from qunying.talk.placing import do_place_new
from qunying.talk.search import TALK_INDEX

pytestmark = pytest.mark.django_db

EVENING = datetime(2026, 11, 21, 12, 14, tzinfo=UTC)  # 20:14 in Shanghai
# the note that the demo was removed, which judges ever read something here, and up to where talk was put into threads
KEPT_AFTER_REMOVAL = {"journal.fact": 1, "talk.judge": 1, "talk.placecursor": 1}


def _counts() -> dict[str, int]:
    models = [model for model in apps.get_models() if model.__module__.startswith("qunying.")]
    counts = {f"{model._meta.label_lower}": model._default_manager.count() for model in models}
    counts["insights.part"] = Part.objects.filter(retired_at=None).count()  # others wait for their readers to finish
    with connection.cursor() as cursor:
        for index in ("talk_search", "people_search"):
            cursor.execute(f'SELECT count(*) FROM "{index}"')
            counts[index] = cursor.fetchone()[0]
    return counts


def _own_group() -> None:
    community = do_found_community(name="我的社群", at=EVENING)
    new = NewGroup(carrier="file", ref="own", carrier_name="我的群")
    group = do_register_group(community, new, at=EVENING)
    do_enrol("file", community, group, [Enrolled("a", "安安", "上海-教育-安安")], EVENING)
    said = NewMessage(
        community_id=community, group_id=group, sender_id=None, source_key="1", at=EVENING, text="押金什么时候退"
    )
    do_keep_messages([said])


def test_the_world_stands_and_goes_on_when_the_demo_is_added() -> None:
    with clock.at(EVENING):
        do_add_demo(EVENING, groups=1, weeks=4)
        do_catch_up(EVENING)
    told = _counts()
    assert told["communities.group"] == 1
    assert told["talk.message"] > told["talk_search"] > 500, "stickers have no words to be found by"
    assert told["outbox.outboxitem"] > 0, "the last day is told live, so newcomers were greeted"
    with clock.at(EVENING), pytest.raises(BadUse, match="已经在了"):
        do_add_demo(EVENING, groups=1, weeks=4)
    later = EVENING + timedelta(hours=3)
    with clock.at(later):
        assert step(later) > 0
        while loops.step(later):
            pass
    assert _counts()["talk.message"] > told["talk.message"]
    played = find_world()
    assert played is not None
    assert played.told_until == later


def _add_whole_demo() -> None:
    """With history, with hours told live, and counted in the lake."""
    with clock.at(EVENING):
        do_add_demo(EVENING, groups=1, weeks=4)
        do_catch_up(EVENING)
        work = OpenTask(key="look", kind="look", title="看一眼")
        do_open_task(work, community_id=demo_communities()[0], at=EVENING)
        do_place_new()
        buyer = Identity.objects.filter(carrier="sandbox").latest("pk").pk
        do_keep_deeds([NewDeed(demo_communities()[0], buyer, "", "order", "1", EVENING, 10_000, "CNY")])
        paid = Act(key="paid", community_id=demo_communities()[0], identity_id=buyer, at=EVENING)
        do_pay_deposit(paid, 990_000, "CNY")
        keeping.catch_up(EVENING, lake_folder())
        do_ask_to_count(demo_communities()[0], EVENING)
        _keep_more()
        do_seal(EVENING)


def _differences(before: dict[str, int]) -> dict[str, int]:
    return {name: count - before[name] for name, count in _counts().items() if count != before[name]}


def test_the_demo_does_not_come_back_unasked_when_it_was_removed() -> None:
    assert wants_demo(asked=None), "a fresh installation gets it"
    with clock.at(EVENING):
        do_add_demo(EVENING, groups=2, weeks=4)
        assert wants_demo(asked=None), "one that has it keeps it"
        do_begin_removal(EVENING, user_id=None)
        do_finish_removal(EVENING)
    assert not wants_demo(asked=None)
    assert wants_demo(asked=True)


@pytest.fixture
def before() -> dict[str, int]:
    """What every table held before the demo came: a community of our own, counted, its new group told of."""
    _own_group()
    relay.step(EVENING)
    keeping.catch_up(EVENING, lake_folder())
    _keep_more()
    do_seal(EVENING)
    return _counts()


def _keep_more() -> None:
    """What the keeper makes besides: layers, who carries a community, themes, who may be one person."""
    for keep in (standing.step, counting.step, theming.step, alike.step):
        keep(EVENING)


def test_nothing_of_it_is_left_when_the_demo_is_removed(before: dict[str, int]) -> None:
    _add_whole_demo()
    with clock.at(EVENING):
        assert do_begin_removal(EVENING, user_id=None) > 0
        assert do_begin_removal(EVENING, user_id=None) == 0, "beginning twice is harmless"
        do_finish_removal(EVENING)
    assert _differences(before) == KEPT_AFTER_REMOVAL
    assert TALK_INDEX.find("押金", limit=5)
    assert find_world() is None
    assert do_begin_removal(EVENING, user_id=None) == 0
    assert remove.step(EVENING) == 0


def test_nothing_of_it_is_left_when_its_removal_is_killed_in_every_piece(
    before: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    _add_whole_demo()
    do_begin_removal(EVENING, user_id=None)
    killed: set[int] = set()

    def dying(number: int, piece: remove.Piece) -> remove.Piece:
        def die_once(ids: Sequence[int], at_most: int) -> int:
            done = piece(ids, at_most)
            if done and number not in killed:
                killed.add(number)
                raise KeyboardInterrupt
            return done

        return die_once

    monkeypatch.setattr(remove, "PIECES", tuple(dying(number, piece) for number, piece in enumerate(remove.PIECES)))
    for _try in range(len(remove.PIECES) + 1):
        with suppress(KeyboardInterrupt):
            do_finish_removal(EVENING)
    assert killed == set(range(len(remove.PIECES))), "a piece that had nothing to do was not tried"
    assert _differences(before) == KEPT_AFTER_REMOVAL


def test_every_piece_is_small_and_the_journal_whole_while_the_demo_goes(before: dict[str, int]) -> None:
    _add_whole_demo()
    do_begin_removal(EVENING, user_id=None)
    pieces = []
    while done := remove.step(EVENING):
        pieces.append(done)
        if len(pieces) % 3 == 0:
            assert list(find_flaws()) == []
    assert len(pieces) > 10
    assert max(pieces) <= 2 * remove.AT_ONCE + 100


def test_what_is_written_meanwhile_goes_too_when_the_demo_is_being_removed(before: dict[str, int]) -> None:
    _add_whole_demo()
    (community,) = demo_communities()
    group = Group.objects.get(community=community)
    do_begin_removal(EVENING, user_id=None)
    while Message.objects.filter(group=group).exists():
        remove.step(EVENING)
    user = {"ref": "late", "name": "晚"}
    arrival = {"type": "join", "ref": "late", "at": EVENING.isoformat(), "group": group.ref, "user": user}
    do_replay([arrival])
    with clock.at(EVENING):
        loops.step(EVENING)
    do_finish_removal(EVENING)
    assert _differences(before) == KEPT_AFTER_REMOVAL


def test_a_new_demo_stands_when_one_is_added_while_the_last_is_being_removed() -> None:
    with clock.at(EVENING):
        do_add_demo(EVENING, groups=1, weeks=4)
        do_begin_removal(EVENING, user_id=None)
        remove.step(EVENING)
        do_add_demo(EVENING, groups=1, weeks=4)
    assert (list_leaving_communities(), len(demo_communities())) == ([], 1)


def test_nobodys_own_chat_goes_with_the_demo_when_it_is_imported(tmp_path: Path) -> None:
    with clock.at(EVENING):
        do_add_demo(EVENING, groups=1, weeks=4)
        community = Community.objects.get(is_demo=True)
        group = Group.objects.get(community=community)
        with pytest.raises(BadUse, match="演示"):
            do_start_run([tmp_path], group_name="我的群", community=community.name, at=EVENING)
        do_begin_removal(EVENING, user_id=None)
        with pytest.raises(BadUse, match="演示"):
            do_start_run([tmp_path], group_name=group.carrier_name, at=EVENING)
