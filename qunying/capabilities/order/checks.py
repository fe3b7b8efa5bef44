"""Everything that order looks at in one message and what each look says, also no: by the functions that decide. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from qunying.capabilities.order.drawing import Drawing
from qunying.capabilities.order.heard import PERCENT, Heard
from qunying.capabilities.order.heat import KEPT_FROM
from qunying.capabilities.order.knowing import Memory, Seen
from qunying.capabilities.order.pictures import picture_marks, signs_of
from qunying.capabilities.order.posing import LIKE_AN_OFFICE, posing_of
from qunying.capabilities.order.promotion import draw
from qunying.capabilities.order.repeats import CAMPAIGN, campaign_of, repeating_of
from qunying.capabilities.order.rough import quarrel_of, read_heat_of
from qunying.capabilities.order.seen import seen_of
from qunying.capabilities.order.signs import LONGEST, Signs, links_in
from qunying.capabilities.order.waves import find_wave
from qunying.judgement.patterns.contacts import find_contacts
from qunying.kernel.capability import Told
from qunying.kernel.checks import Check, Explanation, Ground, Span
from qunying.kernel.events import Event, MessageReceived, PictureRead
from qunying.kernel.readings import Reading
from qunying.kernel.scene import Scene
from qunying.kernel.texts import Sentence, mark

REMEMBERED_FOR = timedelta(days=7)
AS_THEN = mark(
    "别人那时发过什么、有谁被处理过，按当时记下的算；群规、这个人什么时候进群、说过多少话、处理后来有没有撤销，按现在的算。"
)
FORGOTTEN = mark(
    "过了 7 天，别人那时发过什么已经不记得了，这里只看这条里的字和图、这个人和他受过的处理；和当时的看法可能不一样。"
)
GROUNDS: Mapping[str, str] = MappingProxyType(
    {
        "order.official_handle": mark("官方给过的联系方式"),
        "order.only_advertises": mark("明摆着是广告"),
        "order.handle": mark("联系方式"),
        "order.shows_again": mark("自己又发了一次"),
        "order.handle_again": mark("别人刚推过的联系方式"),
        "order.plain_handle": mark("邮箱或 @ 名字"),
        "order.advertises": mark("招揽的话"),
        "order.may_advertise": mark("有点像招揽的话"),
        "order.card": mark("名片"),
        "order.code": mark("图里的二维码"),
        "order.any_link": mark("没说可以发的链接"),
        "order.favour": mark("要人帮忙、拼团一类的链接"),
        "order.advertised_link": mark("广告里的链接"),
        "order.poses": mark("名字像我们的工作人员"),
        "order.sounds_official": mark("名字像客服、官方"),
        "order.newcomer": mark("新人"),
        "order.came_in_wave": mark("和一批人一起进群"),
        "order.others_too": mark("别的号也在推同样的"),
        "order.told_before": mark("为这事处理过"),
        "order.the_same_again": mark("又发一样的"),
        "order.let_pass_before": mark("同样的，同事放过"),
        "order.reports": mark("在举报、提醒别人"),
        "order.says_allowed": mark("说是同意过的"),
        "order.asks_help": mark("在求助"),
        "order.introduces": mark("在自我介绍"),
        "order.complains": mark("在提意见"),
        "order.regular": mark("老成员"),
    }
)
CONTACTS = (
    "order.handle",
    "order.handle_again",
    "order.plain_handle",
    "order.only_advertises",
    "order.advertises",
    "order.may_advertise",
)
LINKS = ("order.any_link", "order.favour", "order.advertised_link")
CARDS, CODES = ("order.card",), ("order.code",)
POSES = ("order.poses", "order.sounds_official")
WAVES = ("order.came_in_wave", "order.others_too")
NOTHING = Drawing(0.0, ())


def explain(told: Told, scene: Scene, memory: Memory, now: datetime) -> Explanation:
    """What order makes of a message: of its words, the first of ``told``, and with its pictures, the last, where they were read."""
    first, last = (_heard(event, reading, scene, memory) for event, reading in (told[0], told[-1]))
    if first.is_exempt:
        checks: tuple[Check, ...] = (_exempt(first),)
    else:
        checks = (*_of_drawing(last), *_of_words(first))
    known = AS_THEN if now - first.event.at <= REMEMBERED_FOR else FORGOTTEN
    return Explanation(checks, last.event.text, Sentence(known))


def _heard(event: Event, reading: Reading, scene: Scene, memory: Memory) -> Heard:
    assert isinstance(event, MessageReceived | PictureRead)
    group = scene.group(event)
    assert group is not None
    return Heard(event, reading, group, scene.member(event, event.sender), memory)


def _exempt(heard: Heard) -> Check:
    said = mark("是同事，说什么都不查") if heard.member.is_staff else mark("这个群说过不用管这个人")
    return Check(code="exempt", title=mark("不用管的人"), is_so=True, score=1.0, said=Sentence(said))


def _of_drawing(heard: Heard) -> Iterator[Check]:
    """The looks at what draws people away, the whole first."""
    signs = signs_of(heard)
    drawing = draw(heard, signs) if signs else NOTHING
    text = heard.event.text[:LONGEST]
    is_so = heard.is_enough(drawing.score, heard.settings.ask_from)
    grounds = _grounds(drawing)
    yield Check(
        code="promotion",
        title=mark("广告、拉人"),
        is_so=is_so,
        score=drawing.score,
        said=_say_whole(heard, drawing),
        grounds=grounds,
    )
    shown = signs or Signs()
    contacts = tuple(one.span for one in find_contacts(text)) if shown.handles or shown.kinds else ()
    yield _part(drawing, CONTACTS, "contact", mark("联系方式、招揽"), _say_contacts(shown, drawing), contacts)
    yield _part(drawing, LINKS, "link", mark("链接"), _say_links(shown, drawing), tuple(x.span for x in links_in(text)))
    yield _part(drawing, CARDS, "card", mark("名片"), _say_cards(shown))
    yield _part(drawing, CODES, "picture", mark("图片二维码"), _say_pictures(heard, shown))
    yield _posing(heard, drawing)
    yield _wave(heard, drawing)


def _grounds(drawing: Drawing, codes: tuple[str, ...] = ()) -> tuple[Ground, ...]:
    return tuple(Ground(GROUNDS[one.code], one.weight) for one in drawing.points if not codes or one.code in codes)


def _part(
    drawing: Drawing, codes: tuple[str, ...], code: str, title: str, said: str, spans: tuple[Span, ...] = ()
) -> Check:
    grounds = _grounds(drawing, codes)
    score = max(0.0, min(1.0, sum(one.weight for one in grounds)))
    return Check(
        code=code, title=title, is_so=bool(grounds), score=score, said=Sentence(said), grounds=grounds, spans=spans
    )


def _say_whole(heard: Heard, drawing: Drawing) -> Sentence:
    if not drawing.points:
        return Sentence(mark("没有看到要把人往外拉的东西"))
    settings = heard.settings
    levels = {
        "now": round(drawing.score * PERCENT),
        "ask": settings.ask_from,
        "act": settings.act_from,
    }
    if heard.is_enough(drawing.score, settings.act_from):
        return Sentence(mark("把握 %(now)s%%，%(act)s%% 起直接处理"), levels)
    if heard.is_enough(drawing.score, settings.ask_from):
        return Sentence(mark("把握 %(now)s%%，%(ask)s%% 起请人看，%(act)s%% 起直接处理"), levels)
    return Sentence(mark("把握 %(now)s%%，不到 %(ask)s%%，不动"), levels)


def _say_contacts(signs: Signs, drawing: Drawing) -> str:
    if _grounds(drawing, CONTACTS):
        return mark("有联系方式，或者招揽的话")
    return mark("有像联系方式的字，不算数") if signs.handles else mark("没有联系方式，也不像广告")


def _say_links(signs: Signs, drawing: Drawing) -> str:
    if _grounds(drawing, LINKS):
        return mark("有要人帮忙、带货或没说可以发的链接")
    return mark("有链接，可以发") if signs.links else mark("没有链接")


def _say_cards(signs: Signs) -> str:
    return mark("发了名片") if any(not card.is_code for card in signs.cards) else mark("没有发名片")


def _say_pictures(heard: Heard, signs: Signs) -> str:
    event = heard.event
    if not isinstance(event, PictureRead):
        return mark("有图片；没有看，或者看了没有码") if picture_marks(event) else mark("没有图片")
    if any(card.is_code for card in signs.cards):
        return mark("里面有加人或进群的二维码")
    if event.codes:
        return mark("里面有二维码，不是加人、进群的，按里面的字算")
    return mark("图片看不成") if event.wrong else mark("看过图片，里面没有二维码")


def _posing(heard: Heard, drawing: Drawing) -> Check:
    names = (heard.member.name, heard.member.card)
    likeness = posing_of(names, heard.group.staff_names)
    if drawing.poses:
        said = mark("像我们的工作人员，又在推联系方式")
    elif likeness >= LIKE_AN_OFFICE:
        said = mark("名字像工作人员，这条里没有推联系方式")
    else:
        said = mark("名字不像工作人员")
    grounds = _grounds(drawing, POSES)
    return Check(
        code="posing",
        title=mark("冒充工作人员"),
        is_so=drawing.poses,
        score=likeness,
        said=Sentence(said),
        grounds=grounds,
    )


def _wave(heard: Heard, drawing: Drawing) -> Check:
    wave = {one.identity_id for one in find_wave(heard, drawing)}
    beside = {one.identity_id for one in drawing.beside}
    said, count = mark("没有别的号在推同样的"), len(beside)
    if wave:
        said, count = mark("另外 %(count)s 个新号在推同样的，是一批"), len(wave)
    elif beside:
        said = mark("%(count)s 个别的号在推同样的，但不是一批新号")
    return Check(
        code="wave",
        title=mark("一批新人"),
        is_so=bool(wave),
        score=1.0 if wave else 0.0,
        said=Sentence(said, {"count": count} if beside else {}),
        grounds=_grounds(drawing, WAVES),
    )


def _of_words(heard: Heard) -> Iterator[Check]:
    """The looks at how somebody speaks: at their own words, whatever pictures say."""
    seen = seen_of(heard.memory, heard.group.id, heard.event.text)
    flood = repeating_of(heard, seen)
    yield Check(
        code="flood",
        title=mark("刷屏"),
        is_so=heard.is_enough(flood, heard.settings.ask_from),
        score=flood,
        said=Sentence(mark("一分钟里说了好几遍一样的，或说得太多") if flood else mark("没有刷屏")),
    )
    heat = read_heat_of(heard, seen)
    is_hot = heat.score >= KEPT_FROM
    yield _listed(heard, seen)
    yield _campaign(heard, seen)
    yield Check(
        code="rough",
        title=mark("骂人"),
        is_so=is_hot,
        score=heat.score,
        said=Sentence(mark("话里有火气")) if is_hot else Sentence(mark("没有骂人的话")),
    )
    quarrel = quarrel_of(heard, heat)
    said = Sentence(mark("和别人吵起来了，一共 %(count)s 个人"), {"count": len(quarrel.members)}) if quarrel else None
    yield Check(
        code="quarrel",
        title=mark("吵架"),
        is_so=quarrel is not None,
        score=1.0 if quarrel else 0.0,
        said=said or Sentence(mark("没有吵架")),
    )


def _listed(heard: Heard, seen: Seen) -> Check:
    words = "、".join(dict.fromkeys(hit.word for hit in seen.hits))
    said = Sentence(mark("有「%(words)s」"), {"words": words}) if words else Sentence(mark("没有词表里的词"))
    if heard.group.id not in heard.memory.lists:
        said = Sentence(mark("这个群没有在用的词表"))
    spans = tuple(hit.span for hit in seen.hits)
    return Check(
        code="listed", title=mark("词表"), is_so=bool(words), score=1.0 if words else 0.0, said=said, spans=spans
    )


def _campaign(heard: Heard, seen: Seen) -> Check:
    count = campaign_of(heard, seen)
    is_so = count >= CAMPAIGN
    said = (
        Sentence(mark("%(count)s 个新号在说同样的话"), {"count": count})
        if is_so
        else Sentence(mark("没有一批新号说同样的话"))
    )
    return Check(code="campaign", title=mark("同文多发"), is_so=is_so, score=1.0 if is_so else 0.0, said=said)
