"""Lists in words, as their pages show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext, npgettext

from qunying.capabilities.order.context import Link, ListRow, Part, SampleRow, WordRow, WrongRow
from qunying.capabilities.order.lists_brought import WrongLine
from qunying.capabilities.order.lists_paged import MOST, NEVER, list_some_words
from qunying.capabilities.order.lists_told import ListLine, WordLine
from qunying.capabilities.order.lists_tried import Effect, Sample
from qunying.capabilities.order.settings import DO_TITLES
from qunying.communities.queries import list_group_lines
from qunying.people.queries import names_of
from qunying.ui.figures import exact, percent
from qunying.ui.pages import Pages, read_page

AT_ONCE = 200
WRONG_SHOWN = 50
LONGEST = 300  # letters of a sample
WAYS: Mapping[str, str] = {
    "substring": gettext_noop("包含"),
    "exact": gettext_noop("完全一样"),
    "pinyin": gettext_noop("同音"),
    "pattern": gettext_noop("正则"),
}
ORDERS = (
    ("", gettext_noop("照表里的顺序")),
    (MOST, gettext_noop("中得多的在前")),
    (NEVER, gettext_noop("从没中过的")),
)


def address(name: str, *args: object, **query: object) -> str:
    """The address of a page of the console; empty where there is no such page."""
    try:
        found = reverse(name, args=args)
    except NoReverseMatch:
        return ""
    return f"{found}?{urlencode(query)}" if query else found


def names_of_groups(community_id: int) -> dict[int, str]:
    """The groups of a community by what they are called, those that matter most first."""
    return {line.id: line.remark or line.carrier_name for line in list_group_lines([community_id])}


def show_row(line: ListLine, groups: Mapping[int, str]) -> ListRow:
    """The list as a sentence."""
    told = [_words(line.size), _(dict(DO_TITLES)[line.does]), _where(line, groups)]
    if line.on_since or line.found:
        told.append(ngettext("中过 %(n)s 次", "中过 %(n)s 次", line.found) % {"n": exact(line.found)})
    if line.never and line.found:
        told.append(ngettext("%(n)s 个词从没中过", "%(n)s 个词从没中过", line.never) % {"n": exact(line.never)})
    return ListRow(line.id, line.title, tuple(told), _hint(line), line.is_on)


def _words(size: int) -> str:
    return ngettext("%(n)s 个词", "%(n)s 个词", size) % {"n": exact(size)}


def _where(line: ListLine, groups: Mapping[int, str]) -> str:
    if not line.groups:
        return _("全部群")
    if len(line.groups) == 1:
        return _("只管「%(group)s」") % {"group": groups.get(line.groups[0], _("不在了的群"))}
    return ngettext("%(n)s 个群", "%(n)s 个群", len(line.groups)) % {"n": exact(len(line.groups))}


def _hint(line: ListLine) -> str:
    if not line.is_idle or not line.never:
        return ""
    return _("开了 90 天以上，有的词一次没中过，可以划掉")


def show_words(line: ListLine, query: QueryDict) -> tuple[tuple[WordRow, ...], Pages]:
    """The words an address asks for."""
    page = read_page(query.get("page"), -(-line.size // AT_ONCE))
    start = (page - 1) * AT_ONCE
    words, total, start = list_some_words(line, query.get("q", ""), query.get("order", ""), start=start, limit=AT_ONCE)
    unit = npgettext("unit", "个词", "个词", total)
    pages = Pages(
        start // AT_ONCE + 1,
        AT_ONCE,
        total,
        unit,
        urlencode({name: query[name] for name in ("q", "order") if query.get(name)}),
    )
    return tuple(WordRow(word, _way(word)) for word in words), pages


def _way(word: WordLine) -> str:
    return _("允许") if word.allows else _(WAYS.get(word.way, word.way))


def show_orders(query: QueryDict) -> tuple[Link, ...]:
    """The orders words may stand in."""
    kept = {"q": query["q"]} if query.get("q") else {}
    here = query.get("order", "")
    return tuple(
        Link(_(label), "?" + urlencode({**kept, **({"order": name} if name else {})}), name == here)
        for name, label in ORDERS
    )


def show_wrong(wrong: Sequence[WrongLine]) -> tuple[WrongRow, ...]:
    """The first lines that could not be taken."""
    return tuple(WrongRow(one.line, one.text, one.why.said(_)) for one in wrong[:WRONG_SHOWN])


def say_effect(effect: Effect) -> str:
    """What a list would have found, as one sentence."""
    if not effect.messages:
        return _("过去 30 天这些群里没有人说过话，看不出会碰到谁")
    if not effect.hits:
        return _("过去 30 天一条都不会中")
    return _("过去 30 天会中 %(hits)s 条，碰到 %(people)s 个人") % {
        "hits": exact(effect.hits),
        "people": exact(effect.people),
    }


def say_how(effect: Effect) -> tuple[str, ...]:
    """How that was counted."""
    if not effect.messages:
        return ()
    looked = ngettext("看了 %(n)s 条", "看了 %(n)s 条", effect.messages) % {"n": exact(effect.messages)}
    if effect.is_cut:
        looked = ngettext("只看了最新的 %(n)s 条", "只看了最新的 %(n)s 条", effect.messages) % {
            "n": exact(effect.messages)
        }
    share = effect.people / effect.speakers if effect.speakers else 0
    spoke = ngettext("说过话的有 %(n)s 人", "说过话的有 %(n)s 人", effect.speakers) % {"n": exact(effect.speakers)}
    return (looked, spoke, _("会碰到其中的 %(share)s") % {"share": percent(share)})


def show_samples(samples: Sequence[Sample], groups: Mapping[int, str]) -> tuple[SampleRow, ...]:
    """Messages with the words found in them."""
    names = names_of({one.said.sender_id for one in samples})
    return tuple(
        SampleRow(
            name=names[one.said.sender_id].name if one.said.sender_id in names else "",
            face_key=one.said.sender_id,
            group=groups.get(one.said.group_id, ""),
            at=one.said.at,
            href=address("console:group-message", one.said.group_id, one.said.id),
            parts=_parts(one),
        )
        for one in samples
    )


def _parts(sample: Sample) -> tuple[Part, ...]:
    """The message in stretches, those that were found marked; what overlaps is marked once."""
    text, parts, place = sample.said.text[:LONGEST], list[Part](), 0
    for first, last in sorted(hit.span for hit in sample.hits):
        start, end = max(first, place), min(last, len(text))
        if end > start:
            parts += [Part(text[place:start]), Part(text[start:end], is_hit=True)]
            place = end
    return tuple(part for part in (*parts, Part(text[place:])) if part.text)
