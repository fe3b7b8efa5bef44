"""What carriers bring in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from qunying.carriers.base import Arrival
from qunying.communities.actions import NewGroup, do_know_account, do_register_group
from qunying.communities.models import Group
from qunying.desk.models import Task
from qunying.intake import gateway, unplaced
from qunying.intake.gateway import do_accept_arrivals
from qunying.intake.models import Lane
from qunying.intake.queries import count_waiting
from qunying.intake.unplaced import list_unplaced_groups
from qunying.journal.models import Fact
from qunying.kernel.scene import Mode
from qunying.outbox.models import OutboxItem
from qunying.people.models import Membership
from qunying.talk.models import Message, Whisper
from tests import cast

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 3, 5, 6, 0, tzinfo=UTC)


def _join(ref: str, group: str) -> Arrival:
    words = {"type": "join", "ref": ref, "at": NOW.isoformat(), "group": group, "user": {"ref": ref, "name": ref}}
    return Arrival(key=ref, at=NOW, payload=words, group_ref=group)


def test_a_group_nobody_registered_is_observed_when_only_one_community_can_be_meant() -> None:
    tea = cast.build_tea(mode=Mode.ACT)
    assert do_accept_arrivals("sandbox", [_join("a", "new"), _join("b", "g1"), _join("c", "new")], NOW) == 3
    cast.passed(NOW, NOW + timedelta(minutes=5))
    group = Group.objects.get(ref="new")
    assert (group.community_id, group.account_id) == (tea.community_id, Group.objects.get(ref="g1").account_id)
    assert Membership.objects.filter(group=group, is_present=True).count() == 2
    assert dict(OutboxItem.objects.values_list("group_id", "state")) == {group.pk: "simulated", tea.first: "sent"}
    assert Fact.objects.filter(name="group.created", group_id=group.pk).exists()


def test_a_group_nobody_registered_is_asked_about_once_when_several_communities_could_be_meant() -> None:
    cast.build_tea()
    cast.build_tea(groups=("h1",), name="咖啡会")
    assert do_accept_arrivals("sandbox", [_join("a", "new"), _join("b", "g1")], NOW) == 1
    assert do_accept_arrivals("sandbox", [_join("c", "new")], NOW) == 0
    task = Task.objects.get()
    assert task.kind == "place_group"
    assert "new" in task.title


def test_a_group_nobody_registered_belongs_where_the_account_that_hears_it_does() -> None:
    cast.build_tea()
    coffee = cast.build_tea(groups=("h1",), name="咖啡会").community_id
    account = do_know_account("sandbox", "10001", "小咖", at=NOW, home_id=coffee)
    assert do_accept_arrivals("sandbox", [replace(_join("a", "new"), account_ref="10001")], NOW) == 1
    assert Group.objects.filter(ref="new").values_list("community_id", "account_id").get() == (coffee, account)
    do_accept_arrivals("sandbox", [replace(_join("b", "other"), account_ref="10002")], NOW)
    assert not Group.objects.filter(ref="other").exists()


def test_a_group_that_came_from_a_file_is_heard_by_the_account_that_hears_it_now() -> None:
    tea = cast.build_tea()
    Group.objects.filter(ref="g1").update(account=None)
    account = do_know_account("sandbox", "10001", "小咖", at=NOW)
    do_accept_arrivals("sandbox", [replace(_join("a", "g1"), account_ref="10001")], NOW)
    do_accept_arrivals("sandbox", [replace(_join("b", "g2"), account_ref="10001")], NOW)
    heard = dict(Group.objects.filter(community=tea.community_id).values_list("ref", "account_id"))
    assert heard["g1"] == account
    assert heard["g2"] not in (None, account)


def test_others_are_taken_in_when_a_group_can_be_placed_nowhere() -> None:
    assert do_accept_arrivals("sandbox", [_join("a", "nobody-knows")], NOW) == 0
    assert count_waiting() == 0


def _two_communities() -> cast.Tea:
    cast.build_tea(groups=("h1",), name="咖啡会")
    return cast.build_tea()


def _do_register(tea: cast.Tea, ref: str) -> int:
    return do_register_group(tea.community_id, NewGroup(carrier="sandbox", ref=ref, carrier_name=ref), at=NOW)


def _said(ref: str, group: str, at: datetime = NOW) -> Arrival:
    words = {"type": "message", "ref": ref, "at": at.isoformat(), "group": group, "from": {"ref": "a"}, "text": ref}
    return Arrival(key=ref, at=at, payload=words, group_ref=group)


def test_a_group_is_heard_by_the_account_that_heard_it_when_a_person_places_it_without_one() -> None:
    tea = cast.build_tea()
    cast.build_tea(groups=("h1",), name="咖啡会")
    account = do_know_account("sandbox", "10001", "小助手", at=NOW)
    do_accept_arrivals("sandbox", [replace(_join("a", "new"), account_ref="10001")], NOW)
    group = _do_register(tea, "new")
    assert do_accept_arrivals("sandbox", [], NOW) == 1
    assert Group.objects.get(pk=group).account_id == account


def test_what_came_in_a_group_is_told_in_order_when_a_person_has_placed_it() -> None:
    tea = _two_communities()
    arrivals = [_join("a", "new"), _said("m1", "new"), _said("m2", "new")]
    assert do_accept_arrivals("sandbox", arrivals, NOW) == 0
    assert do_accept_arrivals("sandbox", arrivals[1:], NOW) == 0, "a carrier may bring them again"
    group = _do_register(tea, "new")
    assert do_accept_arrivals("sandbox", [_said("m3", "new")], NOW) == 4
    cast.told(NOW)
    assert list(Message.objects.filter(group=group).order_by("id").values_list("text", flat=True)) == ["m1", "m2", "m3"]
    assert Membership.objects.get(group=group).identity.ref == "a"
    assert do_accept_arrivals("sandbox", [], NOW) == 0


def test_what_came_in_a_group_is_taken_up_when_nothing_more_happens_there() -> None:
    tea = _two_communities()
    do_accept_arrivals("sandbox", [_join("a", "new"), _said("m1", "new"), _join("b", "other")], NOW)
    _do_register(tea, "new")
    assert gateway.step(NOW) == 2
    assert gateway.step(NOW) == 0
    assert list_unplaced_groups("sandbox") == ["other"]


def test_only_the_newest_are_kept_when_much_comes_in_a_group_nobody_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unplaced, "KEPT_PER_GROUP", 3)
    tea = _two_communities()
    do_accept_arrivals("sandbox", [_said("other", "quiet")], NOW)
    for number in range(5):
        do_accept_arrivals("sandbox", [_said(f"m{number}", "new")], NOW)
    old = NOW - unplaced.KEPT_FOR - timedelta(days=1)
    do_accept_arrivals("sandbox", [_said("long ago", "quiet", old)], NOW)
    groups = [_do_register(tea, ref) for ref in ("new", "quiet")]
    assert gateway.step(NOW) == 4
    cast.told(NOW)
    said = Message.objects.filter(group__in=groups).order_by("id").values_list("text", flat=True)
    assert sorted(said) == ["m2", "m3", "m4", "other"]


def test_nobody_is_asked_again_when_the_question_where_a_group_belongs_was_put_aside() -> None:
    _two_communities()
    do_accept_arrivals("sandbox", [_said("m1", "new")], NOW)
    Task.objects.update(state="done")
    assert gateway.step(NOW) == 0
    assert Task.objects.filter(state="open").count() == 0


def _whisper(person: str) -> Arrival:
    words = {"type": "whisper", "ref": f"w-{person}", "at": NOW.isoformat(), "text": "在吗", "from": {"ref": person}}
    return Arrival(key=f"w-{person}", at=NOW, payload=words, person_ref=person)


def test_a_private_word_is_kept_when_its_speaker_has_only_just_come_and_that_is_not_told_yet() -> None:
    tea = cast.build_tea()
    assert do_accept_arrivals("sandbox", [_join("dan", "g1"), _whisper("dan")], NOW) == 2
    cast.told(NOW)
    whisper = Whisper.objects.get()
    assert (whisper.community_id, whisper.text) == (tea.community_id, "在吗")
    assert Membership.objects.get(identity__ref="dan").identity_id == whisper.identity_id


def test_a_strangers_private_word_is_left_out_when_several_communities_could_be_meant() -> None:
    cast.build_tea()
    cast.build_tea(groups=("h1",), name="咖啡会")
    assert do_accept_arrivals("sandbox", [_whisper("dan")], NOW) == 0


def test_a_private_word_goes_to_where_its_speaker_came_last_when_they_are_in_several_communities() -> None:
    cast.build_tea()
    coffee = cast.build_tea(groups=("h1",), name="咖啡会")
    Membership.objects.filter(group_id=coffee.first, identity__ref="an").update(joined_at=NOW)
    assert do_accept_arrivals("sandbox", [_whisper("an")], NOW) == 1
    assert Lane.objects.get(key__startswith="private:").community_id == coffee.community_id


def test_a_hundred_private_words_need_as_many_queries_as_one_when_they_come_together(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    cast.build_tea()
    do_accept_arrivals("sandbox", [_whisper("an")], NOW)
    with CaptureQueriesContext(connection) as one:
        do_accept_arrivals("sandbox", [_whisper("bo"), _whisper("stranger")], NOW)
    crowd = [_whisper(f"stranger{number}") for number in range(100)]
    with django_assert_num_queries(len(one)):
        assert do_accept_arrivals("sandbox", crowd, NOW) == 100
