"""CQ codes and segments, both ways."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ..parts import Segment
from ..refusals import Refusal
from ..segments import parse_codes, read_message, write_codes

KEYS = st.from_regex(r"[a-z_]{1,8}", fullmatch=True)
WORDS = st.text(alphabet=st.sampled_from("ab你[]&,;=#4491 CQ:\n"), min_size=1, max_size=20)


@st.composite
def messages(draw: st.DrawFn) -> list[Segment]:
    """Segments as a message can hold them: no two texts side by side, for those are one."""
    kinds = draw(st.lists(st.sampled_from(["text", "at", "image"]), min_size=1, max_size=5))
    merged = [each for place, each in enumerate(kinds) if each != "text" or place == 0 or kinds[place - 1] != "text"]
    return [
        Segment(each, {"text": draw(WORDS)} if each == "text" else draw(st.dictionaries(KEYS, WORDS, max_size=3)))
        for each in merged
    ]


@given(messages())
def test_nothing_changes_when_segments_go_through_codes(segments: list[Segment]) -> None:
    assert list(parse_codes(write_codes(segments))) == segments


@pytest.mark.parametrize(
    ("string", "segments"),
    [
        ("[CQ:at,qq=all]早", [("at", {"qq": "all"}), ("text", {"text": "早"})]),
        ("&#91;CQ:at&#93;", [("text", {"text": "[CQ:at]"})]),
        ("[CQ:share,url=a&#44;b,title=x&amp;#44;]", [("share", {"url": "a,b", "title": "x&#44;"})]),
        ("&amp;#91;", [("text", {"text": "&#91;"})]),
        ("[CQ:face]", [("face", {})]),
        ("a, b & c", [("text", {"text": "a, b & c"})]),
        ("[CQ at]", [("text", {"text": "[CQ at]"})]),
    ],
)
def test_a_string_becomes_segments_when_it_holds_codes(string: str, segments: list[tuple[str, dict[str, str]]]) -> None:
    assert [(each.type, dict(each.data)) for each in read_message(string)] == segments


def test_a_comma_is_escaped_when_it_stands_in_a_parameter_only() -> None:
    told = write_codes([Segment("text", {"text": "a,b"}), Segment("share", {"title": "a,b"})])
    assert told == "a,b[CQ:share,title=a&#44;b]"


def test_codes_stay_words_when_escaping_is_asked_for() -> None:
    assert read_message("[CQ:face,id=1]", auto_escape=True) == (Segment("text", {"text": "[CQ:face,id=1]"}),)


def test_one_segment_is_a_message_when_it_comes_without_a_list() -> None:
    assert read_message({"type": "face", "data": {"id": 1}}) == (Segment("face", {"id": 1}),)


@pytest.mark.parametrize("value", ["", [], None, True, {"type": 3}, [{"type": "unheard"}], [{"type": "at", "data": 3}]])
def test_a_message_is_refused_when_it_cannot_be_read(value: object) -> None:
    with pytest.raises(Refusal):
        read_message(value)
