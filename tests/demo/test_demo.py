from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from qunying.carriers.sandbox.worlds import find_world
from qunying.communities.actions import NewGroup, do_found_community, do_register_group
from qunying.communities.models import Community, Group
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.people.actions import Enrolled, do_enrol
from qunying.pipeline import loops
from qunying.pipeline.demo.build import do_add_demo
from qunying.pipeline.demo.live import do_catch_up, step
from qunying.pipeline.demo.remove import do_remove_demo
from qunying.pipeline.past.plan import do_start_run
from qunying.talk.actions import NewMessage, do_keep_messages
from qunying.talk.search import TALK_INDEX

pytestmark = pytest.mark.django_db

EVENING = datetime(2026, 11, 21, 12, 14, tzinfo=UTC)  # 20:14 in Shanghai
KEPT_AFTER_REMOVAL = {"journal.fact": 1}  # the note that the demo was removed


def _counts() -> dict[str, int]:
    models = [model for model in apps.get_models() if model.__module__.startswith("qunying.")]
    counts = {f"{model._meta.label_lower}": model._default_manager.count() for model in models}
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


def test_nothing_of_it_is_left_when_the_demo_is_removed() -> None:
    _own_group()
    before = _counts()
    with clock.at(EVENING):
        do_add_demo(EVENING, groups=1, weeks=4)
        do_catch_up(EVENING)
        assert do_remove_demo(EVENING, user_id=None) > 0
    after = _counts()
    differences = {name: after[name] - count for name, count in before.items() if after[name] != count}
    assert differences == KEPT_AFTER_REMOVAL
    assert TALK_INDEX.find("押金", limit=5)
    assert find_world() is None
    assert do_remove_demo(EVENING, user_id=None) == 0


def test_nobodys_own_chat_goes_with_the_demo_when_it_is_imported(tmp_path: Path) -> None:
    with clock.at(EVENING):
        do_add_demo(EVENING, groups=1, weeks=4)
        community = Community.objects.get(is_demo=True)
        group = Group.objects.get(community=community)
        with pytest.raises(BadUse, match="演示"):
            do_start_run([tmp_path], group_name="我的群", community=community.name, at=EVENING)
        with pytest.raises(BadUse, match="演示"):
            do_start_run([tmp_path], group_name=group.carrier_name, at=EVENING)
