"""Who on the team knows somebody: colleagues in the same group, private talk with the community's account."""

from __future__ import annotations

from datetime import timedelta

from qunying.kernel import clock
from qunying.people.models import Membership
from qunying.talk.actions import NewWhisper, do_keep_whispers
from qunying.talk.knowing import who_knows
from tests import cast


def sitting(ref: str) -> list[tuple[int, int, int]]:
    seats = Membership.objects.filter(identity__ref=ref, is_present=True).order_by("group_id")
    return list(seats.values_list("community_id", "group_id", "identity_id"))


def whisper(tea: cast.Tea, ref: str, key: str, ago: int) -> None:
    identity = sitting(ref)[0][2]
    at = clock.now() - timedelta(hours=ago)
    new = NewWhisper(community_id=tea.community_id, identity_id=identity, source_key=key, at=at, text="在吗")
    do_keep_whispers([new])


def test_colleagues_are_named_when_they_sit_in_the_same_group(tea: cast.Tea) -> None:
    known = who_knows({7: sitting("an")}, None)[7]
    assert [(one.name, one.duty, len(one.group_ids)) for one in known.colleagues] == [(cast.NAMES["li"], "operator", 2)]
    assert known.talks == ()


def test_nobody_is_their_own_acquaintance(tea: cast.Tea) -> None:
    assert who_knows({7: sitting("li")}, None)[7].colleagues == ()


def test_private_talk_is_counted_when_it_lies_within_reach(tea: cast.Tea) -> None:
    whisper(tea, "an", "w1", 3)
    whisper(tea, "an", "w2", 1)
    (talk,) = who_knows({7: sitting("an")}, [tea.community_id])[7].talks
    assert (talk.community_id, talk.messages, talk.last_at) == (tea.community_id, 2, clock.now() - timedelta(hours=1))
    assert who_knows({7: sitting("an")}, [])[7].talks == ()
