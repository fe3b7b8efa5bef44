"""A text written anew, many letters at once, is what it would be letter by letter."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qunying.judgement.views import Table

BECOMES = {"a": "", "b": "xyz", "c": "\ud800", "\0": "b", "d": "\0", "\U0002f800": "你", "\U0001f600": "E"}
LETTERS = st.sampled_from([*BECOMES, "e", "加", "\udc00", "\ud800", "\U0001ffff", "\U0010ffff"])


@given(st.lists(LETTERS, max_size=80).map("".join) | st.text(st.characters(codec=None), max_size=80))
def test_every_letter_is_written_and_leads_back_when_some_become_none_or_several(text: str) -> None:
    view = Table(lambda letter: BECOMES.get(letter, letter)).rewrite(text)
    assert view.text == "".join(BECOMES.get(letter, letter) for letter in text)
    places = [place for place, letter in enumerate(text) for _ in BECOMES.get(letter, letter)]
    assert list(view.starts) == places
    assert list(view.ends) == [place + 1 for place in places]
