"""Effects survive the table: as JSON and back they are what they were."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qunying.kernel.effects import EFFECTS, Effect, WakeAt, from_payload, to_payload

texts = st.text(max_size=40)
offsets = st.integers(-720, 840).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(timezones=st.just(UTC) | offsets)
values: dict[str, st.SearchStrategy[Any]] = {
    "int": st.integers(1, 2**60),
    "int | None": st.none() | st.integers(1, 2**60),
    "str": texts,
    "bool": st.booleans(),
    "float | None": st.none() | st.floats(0, 1),
    "datetime": moments,
    "datetime | None": st.none() | moments,
    "timedelta": st.integers(0, 10**10).map(lambda number: timedelta(milliseconds=number)),
    "tuple[int, ...]": st.lists(st.integers(1, 2**60), max_size=4).map(tuple),
    "tuple[str, ...]": st.lists(texts, max_size=4).map(tuple),
    "Mapping[str, object]": st.dictionaries(texts, texts | st.integers(), max_size=3),
}
a_kind = st.sampled_from(sorted(EFFECTS))


@st.composite
def an_effect(draw: st.DrawFn) -> Effect:
    kind = EFFECTS[draw(a_kind)]
    return kind(**{part.name: draw(values[str(part.type)]) for part in dataclasses.fields(kind)})


@given(effect=an_effect())
def test_an_effect_is_the_same_when_it_comes_back_from_json(effect: Effect) -> None:
    words = json.loads(json.dumps(to_payload(effect)))
    assert from_payload(type(effect).__name__, words) == effect


@given(effect=an_effect())
def test_an_older_row_is_understood_when_it_lacks_what_has_a_default(effect: Effect) -> None:
    required = {
        part.name
        for part in dataclasses.fields(effect)
        if part.default is dataclasses.MISSING and part.default_factory is dataclasses.MISSING
    }
    words = {name: value for name, value in to_payload(effect).items() if name in required}
    again = from_payload(type(effect).__name__, words)
    assert all(getattr(again, name) == getattr(effect, name) for name in required)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(KeyError):
        from_payload("Shout", {})
    with pytest.raises(TypeError):
        from_payload(WakeAt.__name__, {"key": "k"})
