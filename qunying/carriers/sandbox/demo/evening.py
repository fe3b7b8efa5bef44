"""The told evening: what the screens show on the anchor day, minute by minute."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from qunying.carriers.sandbox.demo.adverts import stranger
from qunying.carriers.sandbox.demo.folk import Member, Seat
from qunying.carriers.sandbox.demo.patterns import Line
from qunying.carriers.sandbox.demo.sheet import Sheet, user_words
from qunying.carriers.sandbox.demo.talk import write_line


class Said(NamedTuple):
    """A told message: time of day, name, words, and which earlier line (by number) it quotes or whom it names."""

    at: str
    name: str
    text: str
    quotes: int | None = None
    names: str = ""


class Pushed(NamedTuple):
    """A stranger who comes in and advertises: when they join, when they post what."""

    ref: str
    name: str
    joins: str
    posts: tuple[tuple[str, str], ...]


_TEA_ADVERT = "朋友茶厂直供，一斤才 59，+薇 芯 chayuan_88 看实物图"
_TEA_SELLER = "亲友茶叶批发"
_COURSE_CARD = "同款体验课更便宜，{}，加我 {} 领试听"

SAID: dict[str, tuple[Said, ...]] = {
    "hz-tea-03": (
        Said("19:42:10", "苏念", "白毫银针到底多少度的水？我 90 度泡出来有点涩"),
        Said("19:44:02", "老周", "涩多半是坐杯久了。80 到 85 度，头两泡别超 15 秒"),
        Said("19:45:31", "阿茗", "+1，我还会先把杯子温一下", quotes=1),
        Said("20:03:20", "桥西", "周日龙坞的共品还有位置吗？想带个朋友"),
        Said("20:09:08", "禾生", "收到的盖碗口上磕了一小块，能换吗"),
        Said("20:12:40", "陆小满", "拍张照发小助手，我那只隔天就补寄了", names="禾生"),
    ),
    "hz-read-07": (
        Said(
            "07:12:20",
            "安安",
            "第 21 天打卡✅ 05:52 起，《瓦尔登湖》最后一章，「慢下来的人才看得见路」。居然真的打满了",
        ),
        Said("07:14:05", "许知夏", "恭喜安安！全勤👏", quotes=0),
        Said("20:00:16", "安安", "押金什么时候退"),
    ),
    "trial-3": (Said("12:05:44", "何以安", "我刚才只是在回答别人的问题，怎么就被提醒了"),),
}

PUSHED: dict[str, tuple[Pushed, ...]] = {
    **{
        group: (
            Pushed(
                "s-pifa",
                _TEA_SELLER,
                f"19:4{5 + number // 3}:{number * 7 + 3:02}",
                ((f"19:5{number // 3 + 1}:{number * 8 + 2:02}", _TEA_ADVERT),),
            ),
        )
        for number, group in enumerate(("hz-tea-03", "hz-tea-01", "hz-tea-02", "sh-tea-02", "sh-tea-04", "sz-tea-01"))
    },
    "trial-3": tuple(
        Pushed(
            f"s-card-{number}",
            name,
            f"20:0{number + 2}:11",
            (
                (f"20:{10 + number // 2}:{number * 13 + 5:02}", _COURSE_CARD.format(offer, handle)),
                (f"20:1{1 + number // 2}:{number * 11 + 20:02}", f"名片：{name}｜{handle}"),
            ),
        )
        for number, (name, offer, handle) in enumerate(
            (
                ("知学堂-小雨", "19.9 学七天", "zhixue_yu7"),
                ("知学堂-阿木", "九块九听全套", "zhixue_mu3"),
                ("Summer老师助理", "老学员都转来了", "summer_zl5"),
                ("课程优选", "限今晚", "youxuan_k9"),
            )
        )
    ),
    "sh-light-01": (
        Pushed(
            "s-tuan",
            "全城团购小妹",
            "19:48:30",
            (
                ("19:53:02", "全城鸡胸肉团购 一斤9.9，＋ｗｅｉ tuan_xiaomei7 自提"),
                ("19:53:40", "姐妹们手慢无 tuan_xiaomei7"),
                ("19:54:15", "还有免费便当盒送 加我"),
            ),
        ),
    ),
}

_TEXT = Line("-", "text", ())


def tell_evening(sheet: Sheet) -> None:
    """Writes the told messages of the anchor day down; on every other day nothing."""
    if sheet.day != sheet.world.anchor:
        return
    _tell_said(sheet, SAID.get(sheet.group.ref, ()))
    for pushed in PUSHED.get(sheet.group.ref, ()):
        _tell_pushed(sheet, pushed)


def _tell_said(sheet: Sheet, told: Iterable[Said]) -> None:
    refs: list[str] = []
    by_name = {member.person.name: member for member in reversed(sheet.present)}
    for said in told:
        more: dict[str, object] = {}
        text = said.text
        if said.quotes is not None:
            more["reply_to"] = refs[said.quotes]
        if said.names:
            more["mentions"] = [by_name[said.names].person.ref]
            text = f"@{said.names} {text}"
        speaker = by_name[said.name]
        if not sheet.take(speaker):
            sheet.deal()
        refs.append(write_line(sheet, _TEXT, speaker, seconds(said.at), text, **more))


def _tell_pushed(sheet: Sheet, pushed: Pushed) -> None:
    person = stranger(pushed.ref, pushed.name)
    member = Member(person, Seat(sheet.group.ref, sheet.day, "link"))
    sheet.write(seconds(pushed.joins), {"type": "join", "user": user_words(person, ""), "via": "link"})
    for at, text in pushed.posts:
        write_line(sheet, _TEXT, member, seconds(at), text)


def seconds(clock: str) -> int:
    """Seconds since midnight of «19:42:10»."""
    hours, minutes, rest = (int(part) for part in clock.split(":"))
    return hours * 3600 + minutes * 60 + rest
