"""How likely it is that somebody draws people out of the group: handles, cards, links, and who shows them. Pure.

Points add up. What speaks for it: a handle the judges are sure of, words of advertising, a name like one of ours, a newcomer, the
company of others who show the same. What speaks against it: reporting it, being allowed to, asking for help, introducing oneself, our
own handles passed on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qunying.capabilities.order.knowing import Trace
from qunying.capabilities.order.links import favour_of, not_allowed
from qunying.capabilities.order.posing import LIKE_AN_OFFICE, LIKE_OURS, posing_of
from qunying.capabilities.order.signs import Signs, likeness, sketch_of_plain
from qunying.judgement.images.likeness import is_same_picture
from qunying.kernel.readings import Reading, Verdict

ANY_LINK = 0.85
# «加我加我», «也加我一个谢谢»: who signs up for something, and shows nothing
_SIGNS_UP = re.compile(
    r"[加我你他她俩个一二两三四五六七八九十\d+也还都再帮先占报名上算份位人谢啦啊呀哦吧嘛了~!,.。、!\s]{1,20}"
)
ALIKE = 0.5  # of the smaller sketch
AD_SURE, AD_CLEAR, AD_MAYBE = 0.9, 0.6, 0.3


@dataclass(frozen=True, slots=True)
class Sender:
    """Who says it: what they are called, whether they have just come, and came together with others, or have long talked here."""

    names: tuple[str, ...]
    is_new: bool
    came_in_wave: bool
    is_regular: bool


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that speaks for it, or against it."""

    code: str
    weight: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """How likely it is, 0 to 1, and why; ``poses``: as somebody of ours; ``beside`` are others who show the same."""

    score: float
    points: tuple[Point, ...]
    poses: bool = False
    beside: tuple[Trace, ...] = ()


def read_drawing(
    signs: Signs,
    reading: Reading,
    sender: Sender,
    *,
    staff: Sequence[str],
    official: frozenset[int],
    others: Sequence[Trace],
    own: Sequence[Trace],
    mine: Sequence[Trace],
    forgiven: Sequence[Trace],
    allowed: Sequence[str],
    any_link: bool,
) -> Drawing:
    """What a message is worth.

    ``official`` are marks that staff showed, ``others`` what other accounts showed lately, ``own`` what the sender showed that
    was acted on, ``mine`` all that they showed, ``forgiven`` what was let pass.
    """
    if signs.marks and signs.marks <= official and all(card.is_code for card in signs.cards):
        return Drawing(0.0, (Point("order.official_handle", -1.0),))
    if _SIGNS_UP.fullmatch(signs.plain) and not (_has_handle(signs) or signs.links):
        return Drawing(0.0, ())
    points = list(_substance(signs, reading, not_allowed(signs.links, allowed), any_link=any_link))
    points += _again(signs, reading, sender)
    if not points:
        return Drawing(0.0, ())
    beside = tuple(one for one in others if _is_same(signs, one))
    if signs.reports and beside and not sender.is_new:
        return Drawing(0.0, (*points, Point("order.reports", -1.0)))
    poses = _poses(signs, sender, staff)
    advertises = reading.probability(Verdict.AD) >= AD_MAYBE
    helps = signs.asks_help and "phone" in signs.kinds
    points += _company(sender, beside, poses=poses, has_handle=_has_handle(signs), advertises=advertises, helps=helps)
    points += _record(signs, own, mine)
    if any(_is_same(signs, one) for one in forgiven):
        points.append(Point("order.let_pass_before", -0.8))
    points += _excuses(signs, reading, is_regular=sender.is_regular, poses=poses)
    score = max(0.0, min(1.0, sum(point.weight for point in points)))
    return Drawing(score, tuple(points), poses, beside)


def _has_handle(signs: Signs) -> bool:
    return bool(signs.handles or signs.cards or signs.again)


def _again(signs: Signs, reading: Reading, sender: Sender) -> Iterator[Point]:
    """A handle that no key says is one, but that others drew people away with. Whoever only asks about it does not count, nor who
    neither advertises nor came together with others."""
    if not signs.again or reading.is_so(Verdict.CONTACT) or signs.cards:
        return
    asks = reading.is_so(Verdict.QUESTION) or "?" in signs.plain
    if not asks and (sender.came_in_wave or reading.probability(Verdict.AD) >= AD_MAYBE):
        yield Point("order.handle_again", 0.4)


def _substance(signs: Signs, reading: Reading, links: Sequence[object], *, any_link: bool) -> Iterator[Point]:
    """What is shown at all; nothing where there is neither handle nor card nor link of that kind, nor the clearest of ads."""
    ad = reading.probability(Verdict.AD)
    if ad >= AD_SURE and not (signs.links or signs.cards or reading.is_so(Verdict.CONTACT)):
        yield Point("order.only_advertises", 0.5)
    is_ad = ad >= AD_CLEAR or signs.trades
    if reading.is_so(Verdict.CONTACT):
        yield Point("order.plain_handle", 0.2) if signs.is_plain_handle else Point("order.handle", 0.4)
    if signs.cards:
        yield Point("order.code" if all(card.is_code for card in signs.cards) else "order.card", 0.4)
    if reading.is_so(Verdict.CONTACT) or signs.cards:
        if is_ad:
            yield Point("order.advertises", 0.5)
        elif ad >= AD_MAYBE:
            yield Point("order.may_advertise", 0.25)
    if links:
        favour = favour_of(signs.plain, signs.links)
        if any_link and favour < ANY_LINK:
            yield Point("order.any_link", ANY_LINK)
        elif favour:
            yield Point("order.favour", favour)
        elif is_ad and not _has_handle(signs):
            yield Point("order.advertised_link", 0.45)
    elif any_link and any(card.is_code for card in signs.cards):
        yield Point("order.any_link", ANY_LINK)


def _poses(signs: Signs, sender: Sender, staff: Sequence[str]) -> bool:
    """Whether somebody who shows a handle calls themselves, or the card they show, like one of ours; of whoever has just come
    it is enough to sound like an office."""
    names = [*sender.names, *(card.name for card in signs.cards)]
    return _has_handle(signs) and posing_of(names, staff) >= (LIKE_AN_OFFICE if sender.is_new else LIKE_OURS)


def _company(
    sender: Sender, beside: Sequence[Trace], *, poses: bool, has_handle: bool, advertises: bool, helps: bool
) -> Iterator[Point]:
    if poses:
        yield Point("order.poses", 0.5)
    elif has_handle and posing_of(sender.names, ()) >= LIKE_AN_OFFICE:
        yield Point("order.sounds_official", 0.25)
    if sender.is_new:
        yield Point("order.newcomer", 0.15)
    if sender.came_in_wave:
        yield Point("order.came_in_wave", 0.15)
    if beside and (sender.is_new or advertises) and not helps:
        yield Point("order.others_too", 0.35)


def _record(signs: Signs, own: Sequence[Trace], mine: Sequence[Trace]) -> Iterator[Point]:
    """Who was told before, and shows more; or the very same again, told or not."""
    shown = sum(_is_same(signs, one) for one in mine)
    if shown and not own:
        yield Point("order.shows_again", min(0.1 * shown, 0.3))
    if own:
        yield Point("order.told_before", min(0.15 + 0.15 * len(own), 0.45))
        if any(_is_same(signs, one) for one in own):
            yield Point("order.the_same_again", 0.3)


def _excuses(signs: Signs, reading: Reading, *, is_regular: bool, poses: bool) -> Iterator[Point]:
    if signs.reports:
        yield Point("order.reports", -0.6)
    if signs.is_allowed:
        yield Point("order.says_allowed", -0.4)
    if signs.asks_help and "phone" in signs.kinds:
        yield Point("order.asks_help", -0.5)
    introduces = signs.is_card_like or (reading.is_so(Verdict.INTRODUCTION) and not reading.is_so(Verdict.AD))
    if introduces and not poses:  # whoever poses introduces themselves too, as somebody else
        yield Point("order.introduces", -0.4)
    if reading.is_so(Verdict.COMPLAINT):
        yield Point("order.complains", -0.3)
    if is_regular:
        yield Point("order.regular", -0.3)


def _is_same(signs: Signs, other: Trace) -> bool:
    if signs.marks & other.marks or likeness(sketch_of_plain(signs.plain), other.sketch) >= ALIKE:
        return True
    return any(is_same_picture(one, seen) for one in signs.looks for seen in other.looks)
