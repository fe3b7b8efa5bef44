"""What a platform shows of a group: who sits there, who came and went unseen, who asks to be let in, who was muted by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from qunying.communities.actions import do_set_mode
from qunying.communities.models import Group
from qunying.desk.models import Case
from qunying.journal.models import Fact
from qunying.kernel import clock
from qunying.kernel.scene import Mode
from qunying.outbox.actions import do_approve
from qunying.outbox.models import OutboxItem
from qunying.people.models import Membership
from tests import cast


def shown(ref: str, *members: str, name: str = "茶友会 · 新名字", **more: str) -> dict[str, object]:
    return {"type": "group", "ref": ref, "name": name, "members": [cast.who(one, **more) for one in members]}


def show(ref: str, *members: str, after: timedelta = timedelta(0), **more: str) -> None:
    with cast.later(after) as now:
        cast.arrive([shown(ref, *members, **more)])
        cast.told(now)


def present(tea: cast.Tea) -> set[str]:
    seats = Membership.objects.filter(group=tea.first, is_present=True)
    return set(seats.values_list("identity__ref", flat=True))


def moves() -> list[tuple[str, str]]:
    facts = Fact.objects.filter(name__in=("member.joined", "member.left")).order_by("id")
    return [(fact.name, fact.words.get("via", "")) for fact in facts]


def test_the_first_list_says_who_is_there_and_nothing_of_when_they_came(tea: cast.Tea) -> None:
    before = Membership.objects.filter(group=tea.first, is_present=True).count()
    assert before > 2
    show("s1", "an", "bo", "neu", card="杭州-茶-新")
    assert present(tea) == {"an", "bo", "neu"}
    assert moves() == []
    assert Membership.objects.get(group=tea.first, identity__ref="neu").joined_at is None
    assert Membership.objects.get(group=tea.first, identity__ref="an").card == "杭州-茶-新"
    assert Group.objects.get(pk=tea.first).carrier_name == "茶友会 · 新名字"


def test_whoever_is_new_on_a_later_list_came_unseen_and_whoever_is_not_on_it_went(tea: cast.Tea) -> None:
    show("s1", "an", "bo")
    show("s2", "an", "neu", after=timedelta(hours=3))
    assert present(tea) == {"an", "neu"}
    assert moves() == [("member.joined", "unseen"), ("member.left", "unseen")]
    neu = Membership.objects.get(group=tea.first, identity__ref="neu")
    assert (neu.joined_at, neu.via) == (cast.utc(cast.TUESDAY + timedelta(hours=3)), "unseen")
    show("s3", "an", "neu", after=timedelta(hours=4))
    assert len(moves()) == 2


def test_nobody_is_welcomed_and_judged_because_a_list_was_read(tea: cast.Tea) -> None:
    show("s1", "an", "bo", "neu", "neu2")
    assert not OutboxItem.objects.exists()
    assert not Fact.objects.filter(name="decision.made").exists()


def test_whoever_asks_to_be_let_in_waits_for_a_person_who_reads_what_they_wrote(tea: cast.Tea) -> None:
    do_set_mode("onboarding", Mode.ACT, community_id=tea.community_id, at=clock.now(), actor="test")
    cast.arrive(
        [{"type": "ask", "ref": "r1", "user": cast.who("guest", "路人"), "words": "问题：谁推荐的\n答案：安安"}]
    )
    cast.told()
    item = OutboxItem.objects.get(kind="ApproveJoin")
    assert item.state == "needs_approval"
    assert item.reason_params == {"name": "路人", "words": "问题：谁推荐的 答案：安安"}
    assert item.member_id == Case.objects.get(kind="approval").identity_id
    assert not Membership.objects.filter(group=tea.first, identity__ref="guest").exists()
    do_approve(item.pk, user_id=None, at=clock.now())  # type: ignore[arg-type]
    cast.told()
    item.refresh_from_db()
    assert item.payload["request_ref"] == "r1"
    assert item.state == "failed"  # the sandbox has no requests: a task for a person
    asked = Fact.objects.get(name="member.asked")
    assert asked.words == {"request": "r1"}


@pytest.mark.parametrize(("until", "name"), [("2024-03-05T16:00:00+08:00", "member.muted"), ("", "member.unmuted")])
def test_a_mute_by_hand_is_written_down_with_who_did_it(tea: cast.Tea, until: str, name: str) -> None:
    cast.arrive([{"type": "mute", "ref": "x1", "user": cast.who("an"), "until": until, "by": "li"}])
    cast.told()
    fact = Fact.objects.get(name=name)
    operator = Membership.objects.filter(identity__ref="li").values_list("identity_id", flat=True).first()
    assert fact.words["operator"] == operator
    assert fact.words.get("until", "") == until
