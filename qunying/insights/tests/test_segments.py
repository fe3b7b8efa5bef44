"""A rule asked in one question holds of the same people as when each of them is looked at by hand."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qunying.deeds.actions import NewDeed, do_keep_deeds
from qunying.deeds.models import Deed
from qunying.insights.engines import duck
from qunying.insights.measure import Open
from qunying.insights.segments.asking import list_people
from qunying.insights.segments.reading import read_rule
from qunying.insights.segments.rule import (
    EVER,
    About,
    All,
    AnyOf,
    Did,
    Joined,
    Not,
    Rule,
    Silent,
    Window,
    to_words,
)
from qunying.insights.tests.openers import OTHERS, opener
from qunying.insights.tests.rows import NOON, Home, hours
from qunying.people.actions import NewCard, Seat, do_change_cards
from qunying.people.cards import do_read_new
from qunying.people.layers import WHOLE, LayerChange, do_change_layers
from qunying.people.models import Identity, LayerOfPerson, Membership, Tagging
from qunying.people.tags import NewTag, do_make_tag, do_tag_people, do_untag_people
from qunying.talk.models import Message, Thread
from qunying.talk.placing import do_place_new

DAY = timedelta(days=1)
NOW = NOON + hours(7)
ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Town:
    """A community with people of whom something is known in every way."""

    home: Home
    tag: int
    people: tuple[int, ...]


NAMES = ("老周", "阿茗", "禾生", "简一", "潜水员", "旧人", "林晚")


def build(dice: Callable[[int], int]) -> Town:
    """A small world; ``dice(n)`` answers a number below n."""
    home = Home(groups=("茶友", "品鉴"), staff=("林晚",))
    for name in NAMES:
        groups = (0, 1) if dice(3) == 0 else (dice(2),)
        for group in groups:
            if dice(2):
                home.join(name, NOON - dice(60) * DAY, group, via=("qr", "invite", "")[dice(3)], inviter=NAMES[dice(2)])
            else:
                home.sit(name, group)
            for _ in range(dice(4)):
                home.say(name, NOON - dice(50) * DAY - hours(dice(40) / 2), f"第 {dice(99)} 件事怎么办", group)
            card = ("上海-教育-产品经理", "北京｜餐饮｜店长", "", "杭州-教育-教师")[dice(4)]
            role = ("member", "member", "admin", "owner")[dice(4)]
            do_change_cards([(Seat(home.group_ids[group], home.who(name)), NewCard(card, role))])
            if dice(7) == 0:
                home.leave(name, NOON - hours(dice(20)), group)
        _orders(home, name, dice)
    home.sit("机器人", is_bot=True)
    if dice(2):
        Identity.objects.filter(pk=home.who(NAMES[dice(3)])).update(person_id=home.who(NAMES[3 + dice(3)]))
    do_read_new()
    do_place_new()
    people = tuple(
        Identity.objects.filter(pk__in=[home.who(name) for name in NAMES]).values_list("person_id", flat=True)
    )
    tag = do_make_tag(home.id, NewTag(name=f"新手{home.id}"), at=NOON - DAY, user_id=None)
    do_tag_people(tag, [one for one in people if dice(2)], how="hand", at=NOON - DAY, user_id=None)
    do_untag_people(tag, [one for one in people if not dice(4)], at=NOON, user_id=None)
    layers = ("opener", "follower", "lurker", "dormant")
    places = (WHOLE, home.group_ids[0])
    do_change_layers(
        [LayerChange(home.id, place, one, "", layers[dice(4)]) for place in places for one in set(people)], NOON
    )
    return Town(home, tag, tuple(sorted(set(people))))


def _orders(home: Home, name: str, dice: Callable[[int], int]) -> None:
    for n in range(dice(3)):
        kind = ("order", "order", "refund", "visit")[dice(4)]
        at = NOON - dice(40) * DAY
        amount = None if kind == "visit" else (1 + dice(9)) * 10_000
        currency = "" if amount is None else ("CNY", "USD")[dice(2)]
        key = f"{home.id}{name}{n}"
        do_keep_deeds([NewDeed(home.id, home.who(name), "shop", kind, key, at, amount, currency)])


class ByHand:
    """The same rules over the rows of the database, person by person."""

    def __init__(self, town: Town) -> None:
        self.town, self.home = town, town.home
        self.persons = dict(Identity.objects.values_list("pk", "person_id"))
        staff = {self.home.who(name) for name in self.home.staff}
        bots = set(Identity.objects.filter(is_bot=True).values_list("pk", flat=True))
        self.apart = staff | bots
        seats = Membership.objects.filter(community=self.home.id, is_present=True).exclude(identity__in=self.apart)
        self.seats = list(seats.select_related("identity", "read"))

    def people(self, rule: Rule) -> list[int]:
        everybody = {self.persons[seat.identity_id] for seat in self.seats}
        return sorted(one for one in everybody if one is not None and self.holds(rule, one))

    def holds(self, rule: Rule, who: int) -> bool:
        match rule:
            case All(rules):
                return all(self.holds(one, who) for one in rules)
            case AnyOf(rules):
                return any(self.holds(one, who) for one in rules)
            case Not(inner):
                return not self.holds(inner, who)
            case About():
                return self.about(rule, who)
            case Joined(window):
                return any(seat.joined_at and self.within(seat.joined_at, window) for seat in self.of(who))
            case Silent(days):
                return self.silent(days, who)
            case Did():
                count = self.count(rule, who)
                low, high = rule.at_least, rule.at_most
                return (low is None or count >= low) and (high is None or count <= high)

    def of(self, who: int) -> list[Membership]:
        return [seat for seat in self.seats if self.persons[seat.identity_id] == who]

    def about(self, rule: About, who: int) -> bool:
        seats, values = self.of(who), rule.any_of
        match rule.what:
            case "tag":
                return Tagging.objects.filter(person_id=who, tag__in=values, taken_at=None).exists()
            case "layer":
                kept = LayerOfPerson.objects.filter(person_id=who, community_id=self.home.id, group_id=rule.group)
                return kept.filter(layer__in=values).exists()
            case "inviter":
                return any(seat.inviter_id and self.persons[seat.inviter_id] in values for seat in seats)
            case "carrier":
                return bool(seats) and "sandbox" in values
            case "card" | "company" | "job":
                name = "text" if rule.what == "card" else rule.what
                return any(str(word) in getattr(seat.read, name) for seat in seats for word in values)
            case "city" | "industry":
                return any(getattr(seat.read, rule.what) in values for seat in seats)
            case "group":
                return any(seat.group_id in values for seat in seats)
            case "community":
                return any(seat.community_id in values for seat in seats)
            case _:
                return any(getattr(seat, rule.what) in values for seat in seats)

    def within(self, at: datetime, window: Window) -> bool:
        if window.last_days is not None:
            return at >= NOW - window.last_days * DAY
        day = at.astimezone(ZONE).date()
        return (window.since is None or day >= window.since) and (window.until is None or day <= window.until)

    def silent(self, days: int, who: int) -> bool:
        start = NOW - days * DAY
        spoke = any(at >= start for at in self.said(who))
        return not spoke and any(seat.joined_at is None or seat.joined_at < start for seat in self.of(who))

    def said(self, who: int) -> list[datetime]:
        said = Message.objects.filter(community=self.home.id).exclude(sender__in=self.apart)
        return [at for sender, at in said.values_list("sender", "at") if self.persons[sender] == who]

    def count(self, rule: Did, who: int) -> int:
        if rule.what in {"messages", "days_spoken"}:
            said = [at for at in self.said(who) if self.within(at, rule.window)]
            return len({at.astimezone(ZONE).date() for at in said}) if rule.what == "days_spoken" else len(said)
        if rule.what == "openings":
            begun = Thread.objects.filter(community=self.home.id, people__gt=1).values_list("starter", "begun_at")
            return sum(self.persons[one] == who and self.within(at, rule.window) for one, at in begun)
        deeds = [
            one
            for one in Deed.objects.filter(community=self.home.id)
            if self.persons[one.identity_id] == who and self.within(one.at, rule.window)
        ]
        if rule.what == "amount":
            mine = [one for one in deeds if one.currency == rule.currency and one.kind in {"order", "refund"}]
            return sum((one.amount or 0) * (1 if one.kind == "order" else -1) for one in mine)
        kind = "order" if rule.what == "orders" else rule.what.removeprefix("deed:")
        return sum(one.kind == kind for one in deeds)


def windows() -> st.SearchStrategy[Window]:
    day = st.integers(0, 60).map(lambda n: date(2024, 3, 4) - timedelta(days=n))
    between = st.tuples(day, day).map(lambda two: Window(since=min(two), until=max(two)))
    return st.one_of(st.just(EVER), st.integers(1, 60).map(Window), between, day.map(lambda d: Window(since=d)))


def rules(town: Town) -> st.SearchStrategy[Rule]:
    groups = town.home.group_ids
    values: dict[str, Sequence[int | str]] = {
        "community": [town.home.id, town.home.id + 1],
        "group": [*groups, 10**9],
        "carrier": ["sandbox", "qq"],
        "city": ["上海", "北京", "杭州"],
        "industry": ["教育", "餐饮"],
        "company": ["网络"],
        "job": ["产品", "店长", "教"],
        "card": ["上海-", "｜", "老"],
        "role": ["owner", "admin", "member"],
        "via": ["qr", "invite", ""],
        "inviter": list(town.people),
        "tag": [town.tag, 10**9],
        "layer": ["opener", "follower", "lurker", "dormant"],
    }
    about = st.sampled_from(sorted(values)).flatmap(
        lambda what: st.lists(st.sampled_from(values[what]), min_size=1, max_size=2, unique=True).flatmap(
            lambda some: st.sampled_from((0, groups[0]) if what == "layer" else (0,)).map(
                lambda group: About(what, tuple(some), group)
            )
        )
    )
    what = st.sampled_from(("messages", "days_spoken", "openings", "orders", "amount", "deed:visit", "deed:refund"))
    did = st.tuples(what, st.integers(0, 3), st.integers(0, 4), st.integers(0, 2), windows()).map(_did)
    leaf = st.one_of(about, did, windows().filter(lambda w: w != EVER).map(Joined), st.integers(1, 60).map(Silent))
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(lambda some: All(tuple(some))),
            st.lists(inner, min_size=1, max_size=3).map(lambda some: AnyOf(tuple(some))),
            inner.map(Not),
        ),
        max_leaves=6,
    )


def _did(drawn: tuple[str, int, int, int, Window]) -> Did:
    what, low, more, bounds, window = drawn
    scale = 10_000 if what == "amount" else 1
    at_least = low * scale if bounds != 1 else None
    at_most = (low + more) * scale if bounds != 0 else None
    return Did(what, at_least, at_most, window, "CNY" if what == "amount" else "")


@pytest.mark.django_db(transaction=False)
@pytest.mark.parametrize("seed", range(6))
def test_every_rule_holds_of_the_same_people_as_by_hand(seed: int) -> None:
    town = build(random.Random(seed).randrange)
    by_hand = ByHand(town)
    check_rules(town, by_hand, duck.open)


@pytest.mark.django_db
@pytest.mark.parametrize("engine", OTHERS)
def test_every_rule_holds_of_the_same_people_on_the_other_engines(engine: str) -> None:
    town = build(random.Random(1).randrange)
    check_rules(town, ByHand(town), opener(engine), 15)


def check_rules(town: Town, by_hand: ByHand, open_session: Open, examples: int = 40) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(rules(town))
    def check(rule: Rule) -> None:
        assert list_people(rule, [town.home.id], NOW, open_session=open_session) == by_hand.people(rule)
        assert read_rule(to_words(rule)) == rule

    check()
