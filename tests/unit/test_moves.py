"""Comings and goings read from files end the same, in whatever order they are read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from qunying.people.actions import Came, Seat, Went, do_move_in_the_past
from qunying.people.models import Identity, Membership
from tests import cast

DAY = timedelta(days=1)
START = datetime(2024, 1, 1, tzinfo=UTC)


def _seat(tea: cast.Tea) -> Seat:
    identity = Identity.objects.get(ref="an")
    Membership.objects.filter(identity=identity).update(joined_at=None, left_at=None, is_present=True)
    return Seat(tea.first, identity.pk)


def _read(seat: Seat) -> tuple[object, ...]:
    row = Membership.objects.get(group=seat.group_id, identity=seat.identity_id)
    return (row.joined_at, row.left_at, row.is_present)


@pytest.mark.django_db
def test_the_order_of_files_does_not_matter_when_somebody_came_left_and_came_back() -> None:
    seat = _seat(cast.build_tea())
    moves = [Came(START), Went(START + DAY), Came(START + 2 * DAY)]
    ends = set()
    for order in permutations(moves):
        Membership.objects.filter(identity=seat.identity_id).update(joined_at=None, left_at=None, is_present=True)
        for move in order:
            do_move_in_the_past([(seat, move)])
        ends.add(_read(seat))
    assert ends == {(START + 2 * DAY, None, True)}


class AnyOrder(TestCase):
    """Property: read one by one in any order, or all at once, the membership is the same."""

    @given(st.lists(st.tuples(st.booleans(), st.integers(0, 30)), min_size=1, max_size=6, unique_by=lambda one: one[1]))
    def test_batches_do_not_matter_when_moves_are_read(self, drawn: list[tuple[bool, int]]) -> None:
        seat = _seat(cast.build_tea())
        moves = [(seat, (Came if comes else Went)(START + number * DAY)) for comes, number in drawn]
        do_move_in_the_past(moves)
        at_once = _read(seat)
        Membership.objects.filter(identity=seat.identity_id).update(joined_at=None, left_at=None, is_present=True)
        for move in reversed(moves):
            do_move_in_the_past([move])
        assert _read(seat) == at_once
