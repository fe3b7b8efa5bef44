"""Who answers whom, drawn and in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qunying.console.insights.context import Dot, JourneyAnswer, PairLine, PersonNote, RepliesPanel, Thread
from qunying.insights.replies import DRAWN, LOOKED_AT, Replies, Spot, Talker, lay_out
from qunying.ui.figures import number, percent

WIDTH, HEIGHT, MARGIN = 358, 400, 22
SMALLEST, LARGEST, LARGE = 3.5, 12.0, 6.0
TIES = 3  # lines of everybody that are drawn, their strongest: all of them would be a ball of wool
LABELS = 22
LETTERS = 6
LETTER, LINE = 10.5, 12.0  # as wide and as high as a letter of a label stands on a phone
PAIRS = 30
ALONE = 12
Box = tuple[float, float, float, float]  # left, top, right, bottom
BRIDGES = 5


def tell_replies(found: Replies, scope: str) -> JourneyAnswer:
    """The answer as a sentence, the drawing, and the table behind it."""
    staff = {one.person_id for one in found.talkers if one.is_staff}
    names = {one.person_id: one.name for one in found.talkers}
    spots = lay_out(found)
    panel = RepliesPanel(
        width=WIDTH,
        height=HEIGHT,
        dots=_dots(spots, {one.person_id for one in found.bridges[:BRIDGES]}),
        threads=_threads(found, spots),
        note=_note(found),
        bridges=tuple(_bridge(one) for one in found.bridges[:BRIDGES]),
        alone=tuple(PersonNote(name, _person(pk), "") for pk, name in found.alone[:ALONE]),
        alone_more=_("还有 %(n)s 人") % {"n": number(len(found.alone) - ALONE)} if len(found.alone) > ALONE else "",
        pairs=tuple(
            PairLine(
                _who(pair.who, names, staff),
                _who(pair.to, names, staff),
                pair.times,
                pair.replies,
                pair.follows,
                pair.mentions,
            )
            for pair in found.pairs[:PAIRS]
        ),
        is_more=len(found.pairs) > PAIRS,
    )
    return JourneyAnswer(title=_title(found), scope=scope, replies=panel)


def _person(person_id: int) -> str:
    return reverse("console:person", args=[person_id])


def _who(person_id: int, names: dict[int, str], staff: set[int]) -> PersonNote:
    return PersonNote(names[person_id], _person(person_id), _("同事") if person_id in staff else "")


def _title(found: Replies) -> str:
    if not found.pairs:
        return _("没有人接过谁的话")
    most = max(found.talkers, key=lambda one: (one.gave, -one.person_id))
    people = ngettext("%(n)s 个人在互相接话", "%(n)s 个人在互相接话", len(found.talkers)) % {
        "n": number(len(found.talkers))
    }
    return _("%(people)s，%(name)s接得最多，%(times)s 次") % {
        "people": people,
        "name": most.name,
        "times": number(most.gave),
    }


def _note(found: Replies) -> str:
    """What the drawing shows, and what it leaves out."""
    words = [_("挨得近、线粗，就是说得多；每人只画最粗的几条线。实心的是桥，空心的是同事。点一个人看他。")]
    if len(found.talkers) > DRAWN:
        words.append(_("只画了说得最多的 %(n)s 人。") % {"n": number(DRAWN)})
    if found.clusters > 1:
        words.append(_("看得出 %(n)s 伙人。") % {"n": number(found.clusters)})
    if found.is_cut:
        words.append(_("桥只在说得最多的 %(n)s 人里找。") % {"n": number(LOOKED_AT)})
    return "".join(words)


def _bridge(one: Talker) -> PersonNote:
    told = _("和 %(partners)s 个人说过话；别人之间最近的路有 %(share)s 经过他") % {
        "partners": number(one.partners),
        "share": percent(one.between),
    }
    if one.cuts_off:
        told += _("；没有他，%(n)s 个人就和其他人断开了") % {"n": number(one.cuts_off)}
    return PersonNote(one.name, _person(one.person_id), told)


def _dots(spots: Sequence[Spot], bridges: Collection[int]) -> tuple[Dot, ...]:
    most = max((spot.talker.gave + spot.talker.got for spot in spots), default=1)
    return tuple(_labelled([_dot(spot, most, bridges) for spot in spots]))


def _dot(spot: Spot, most: int, bridges: Collection[int] = ()) -> Dot:
    one = spot.talker
    size = ((one.gave + one.got) / most) ** 0.5
    return Dot(
        name=one.name,
        href=_person(one.person_id),
        x=f"{MARGIN + spot.x * (WIDTH - 2 * MARGIN):.1f}",
        y=f"{MARGIN + spot.y * (HEIGHT - 2 * MARGIN):.1f}",
        r=f"{SMALLEST + size * (LARGEST - SMALLEST):.1f}",
        css="bridge" if one.person_id in bridges else "staff" if one.is_staff else "",
        told=_("接别人 %(gave)s 次，被接 %(got)s 次") % {"gave": number(one.gave), "got": number(one.got)},
    )


def _labelled(dots: Iterable[Dot]) -> list[Dot]:
    """Names of those who talk most, bridges first, below them or above, wherever no other name and nobody large stands.

    A bridge's name may lie on somebody: without names they would be mere dots.
    """
    told = list(dots)
    large, taken = [_around(dot) for dot in told if float(dot.r) >= LARGE], list[Box]()
    for place in sorted(range(len(told)), key=lambda place: (told[place].css != "bridge", place))[:LABELS]:
        dot = told[place]
        label = dot.name if len(dot.name) <= LETTERS else f"{dot.name[: LETTERS - 1]}…"
        others = taken if dot.css == "bridge" else [*taken, *large]
        box = next((box for box in _boxes(dot, label) if not any(_meet(box, other) for other in others)), None)
        if box is not None:
            taken.append(box)
            told[place] = replace(dot, label=label, label_y=f"{box[3]:.1f}")
    return told


def _boxes(dot: Dot, label: str) -> Iterator[Box]:
    """Where the name may stand."""
    x, y, r, half = float(dot.x), float(dot.y), float(dot.r), len(label) * LETTER / 2
    if half <= x <= WIDTH - half:
        for bottom in (y + r + LINE - 2, y - r - 3):
            yield x - half, bottom - LINE, x + half, bottom


def _around(dot: Dot) -> Box:
    x, y, r = float(dot.x), float(dot.y), float(dot.r) - 2  # a name may touch a dot
    return x - r, y - r, x + r, y + r


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _threads(found: Replies, spots: Sequence[Spot]) -> tuple[Thread, ...]:
    """The strongest lines of everybody who is drawn, the thin ones first so that they lie below."""
    at = {spot.talker.person_id: _dot(spot, 1) for spot in spots}
    weights: dict[tuple[int, int], int] = {}
    for pair in found.pairs:
        if pair.who in at and pair.to in at:
            both = (min(pair.who, pair.to), max(pair.who, pair.to))
            weights[both] = weights.get(both, 0) + pair.times
    most, drawn = max(weights.values(), default=1), Counter[int]()
    strongest = list[tuple[tuple[int, int], int]]()
    for ends, times in sorted(weights.items(), key=lambda item: (-item[1], item[0])):
        if min(drawn[ends[0]], drawn[ends[1]]) < TIES:
            drawn.update(ends)
            strongest.append((ends, times))
    return tuple(
        Thread(at[one].x, at[one].y, at[other].x, at[other].y, _width(times / most))
        for (one, other), times in reversed(strongest)
    )


def _width(share: float) -> str:
    return "w3" if share > 0.5 else "w2" if share > 0.15 else "w1"
