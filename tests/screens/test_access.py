"""Role × scope, cell by cell: every address of the console answers those who may, and does not exist for anybody else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import models, transaction
from django.test import Client
from django.urls import reverse

from qunying.capabilities.incidents.models import Incident, Moment
from qunying.capabilities.order.models import WordList
from qunying.carriers.wire.models import Line
from qunying.communities.access import PERMISSIONS, Permission, Role
from qunying.communities.actions import NewGroup, do_found_community, do_register_group
from qunying.communities.actions_rules import RuleNotes, do_write_rule
from qunying.communities.models import ChainVersion, GroupLink, Staff
from qunying.console.urls import screens, urlpatterns
from qunying.deeds.models import DeedImport
from qunying.desk.models import Case, Task
from qunying.kernel import clock
from qunying.kernel.scene import Mode
from qunying.outbox.models import OutboxItem
from qunying.people.models import (
    Alike,
    Apart,
    CardCorrection,
    Identity,
    LeaveReason,
    Membership,
    Merge,
    Note,
    Segment,
    Shortlist,
    Tag,
)
from qunying.pipeline.models import ImportRun, Rehearsal
from qunying.pipeline.rehearsal.play import Agreement, Rehearsed
from qunying.pipeline.rehearsal.tally import Tally
from qunying.talk.models import Correction, Message
from tests import cast
from tests.screens.conftest import counted, signed_in_as

HOME, EVERYWHERE, SOMEWHERE, ANYBODY = "home", "everywhere", "somewhere", "anybody"
REFUSED = 404


@dataclass(frozen=True, slots=True)
class World:
    """The tea friends with one of everything that has an address, and another community beside them."""

    home: int
    other: int
    group: int
    ids: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cell:
    """An address: who may ask it, and where they must hold that permission. A name without a colon is the console's own."""

    name: str
    needs: Permission
    where: str = HOME
    args: Callable[[World], tuple[object, ...]] = lambda world: ()
    is_post: bool = False
    said: dict[str, str] = field(default_factory=dict)  # what is typed there; an id of the world by its name

    @property
    def full_name(self) -> str:
        """The name as Django knows it."""
        return self.name if ":" in self.name else f"console:{self.name}"

    def may(self, role: Role | None, place: str) -> bool:
        """Whether somebody with this role at this place (``home``, ``other``, ``everywhere``) is answered."""
        if self.where == ANYBODY:
            return True
        if role is None or self.needs not in PERMISSIONS[role]:
            return False
        return place == EVERYWHERE or self.where == SOMEWHERE or (self.where == HOME and place == HOME)


def of_home(name: str, needs: Permission, *more: object, post: bool = False, **said: str) -> Cell:
    """An address of the community; strings among ``more`` that name an object stand for its id."""
    return Cell(
        name, needs, HOME, lambda w: (w.home, *(w.ids.get(str(one), one) for one in more)), is_post=post, said=said
    )


def of_group(name: str, needs: Permission, *more: object, post: bool = False, **said: str) -> Cell:
    """An address of its group."""
    return Cell(
        name, needs, HOME, lambda w: (w.group, *(w.ids.get(str(one), one) for one in more)), is_post=post, said=said
    )


def of(name: str, needs: Permission, *what: object, post: bool = False, **said: str) -> Cell:
    """An address of one object within the community."""
    return Cell(name, needs, HOME, lambda w: tuple(w.ids.get(str(one), one) for one in what), is_post=post, said=said)


READ, SPEAK, DECIDE, IMPORT, SET, OWN = (
    Permission.READ,
    Permission.SPEAK,
    Permission.DECIDE,
    Permission.IMPORT,
    Permission.SETTINGS,
    Permission.OWN,
)
CELLS: tuple[Cell, ...] = (
    *(
        Cell(name, READ, ANYBODY)
        for name in [
            "today",
            "groups",
            "groups-export",
            "communities",
            "people",
            "people-export",
            "search",
            "outbox",
            "outbox-news",
            "review",
            "journal",
            "journal-export",
            "insights",
            "reports",
            "people-segments",
            "sandbox",
            "settings",
            "settings-accounts",
            "settings-platforms",
            "incidents:desk",
            "onboarding:welcome",
            "rules:desk",
            "order:lists",
            "rehearse",
        ]
    ),
    *(
        of_group(f"group{name}", READ)
        for name in (
            "",
            "-stream",
            "-members",
            "-members-export",
            "-messages",
            "-talks",
            "-kept",
            "-carried",
            "-report",
        )
    ),
    of_group("group-message", READ, "message"),
    of_group("group-report-file", READ, "json"),
    of_group("group-say", SPEAK, post=True),
    of_group("group-touch", DECIDE, post=True),
    of_group("group-teach", DECIDE, "message", post=True, say="ad:yes"),
    of_group("group-unteach", DECIDE, "correction", post=True),
    of_group("group-settings", SET),
    of_group("group-notes", SET, post=True),
    of_group("group-lineage", SET),
    of_group("group-unlink", SET, "link", post=True),
    of_group("group-capability", SET, "onboarding", post=True),
    of_home("community", READ),
    of_home("community-board", READ),
    of_home("community-card", READ),
    of_home("community-carried", READ),
    of_home("community-chain", READ),
    of_home("community-chain-lay", SET, post=True, purpose="acquire"),
    of_home("community-chain-add", SET, post=True),
    of_home("community-chain-back", SET, "version", post=True),
    of_home("community-numbers", IMPORT, post=True),
    of_home("community-token", SET, post=True),
    of_home("community-token-drop", SET, post=True),
    of_home("community-left", DECIDE),
    of_home("community-kpi", READ, "joins"),
    of_home("community-kpi-aim", SET, "joins", post=True),
    of_home("community-kpi-back", SET, "joins", post=True),
    of_home("community-stage", SET, post=True, stage="growing"),
    of_home("community-stage-back", SET, post=True),
    of_home("community-place", SET, post=True),
    of_home("digest", READ, "week"),
    of_home("digest-rest", READ, "week"),
    of_home("digest-file", READ, "day", "json"),
    of_home("seeds-community", READ),
    of_home("seeds-lists", READ),
    of_home("seeds-list", READ, "shortlist"),
    of_home("seeds-list-change", DECIDE, "shortlist", post=True),
    of_home("seeds-plan", DECIDE, "shortlist", post=True),
    of_home("seeds-invite", DECIDE, "shortlist", post=True),
    of_home("seeds-count", DECIDE, post=True),
    of_home("seeds-make", DECIDE, post=True),
    of_home("seeds-ladder", READ),
    of_home("seeds-weights", READ),
    of_home("settings-community", SET),
    of_home("settings-roster", SET, post=True),
    of_home("settings-strike", SET, "staff", post=True),
    of_home("settings-capability", SET, "onboarding"),
    of_home("settings-rules", SET, "order"),
    of_home("settings-layers", SET),
    of_home("settings-corrections", DECIDE),
    of_home("settings-unteach", DECIDE, "correction", post=True),
    of("person", READ, "person"),
    of("person-beside", READ, "person"),
    of("person-merge", DECIDE, "person"),
    of("person-note", DECIDE, "person", post=True),
    of("person-unnote", DECIDE, "person", "note", post=True),
    of("person-consent", DECIDE, "person", post=True),
    of("person-why", DECIDE, "person", "left_seat"),
    of("person-unwhy", DECIDE, "person", "why", post=True),
    of("person-correct", DECIDE, "person", "seat", post=True),
    of("person-uncorrect", DECIDE, "person", "seat", post=True),
    of("people-unmerge", DECIDE, "merge", post=True),
    of("people-unapart", DECIDE, "apart", post=True),
    of("people-segment", READ, "segment"),
    of("people-segment-people", READ, "segment"),
    of("people-segment-edit", READ, "segment"),
    of("people-segment-export", READ, "segment"),
    of("people-segment-freeze", DECIDE, "segment", post=True),
    of("people-segment-remove", DECIDE, "segment", post=True),
    of("people-segment-tag", DECIDE, "segment", post=True, tag="tag"),
    of("people-tag", READ, "tag"),
    of("people-tag-import", DECIDE, "tag", post=True),
    of("people-tag-retire", DECIDE, "tag", post=True),
    of("person-traits", READ, "person"),
    of("person-tag", DECIDE, "person", post=True, tag="tag"),
    of("person-untag", DECIDE, "person", post=True, tag="tag"),
    of("outbox-unhold", DECIDE, "item", post=True),
    of("outbox-decide", DECIDE, "item", "approve", post=True),
    of("review-case", READ, "case"),
    of("review-hold", DECIDE, "case", post=True),
    of("review-decide", DECIDE, "case", post=True, do="dismiss"),
    of("review-back", DECIDE, "case", post=True),
    of("review-hand-on", DECIDE, "case"),
    of("review-answer", DECIDE, "appeal", "uphold"),
    of("incidents:incident", READ, "incident"),
    of("incidents:owner", DECIDE, "incident", post=True),
    of("incidents:note", DECIDE, "incident", post=True),
    of("incidents:close", DECIDE, "incident", post=True),
    of("incidents:everywhere", DECIDE, "incident"),
    of("incidents:reopen", DECIDE, "incident", post=True),
    of("incidents:finish", DECIDE, "incident", "incident_task", post=True),
    of_home("rules:write", SET, post=True),
    of("rules:rule", READ, "rule"),
    of("rules:rule-export", READ, "rule"),
    of("rules:edit", SET, "rule", post=True),
    of("rules:drop", SET, "rule", post=True),
    of("rules:restore", SET, "rule", post=True),
    of("rules:up", SET, "rule", post=True),
    of("rules:say", SPEAK, "rule"),
    of("rules:say", SPEAK, "rule", post=True),
    of("rules:tell", SPEAK, "rule"),
    of("rules:tell", SPEAK, "rule", post=True),
    of("order:list", READ, "wordlist"),
    Cell("order:learn", SET, is_post=True, said={"community": "home"}),
    of("order:list-export", READ, "wordlist"),
    of("order:list-switch", READ, "wordlist"),
    of("order:list-switch", SET, "wordlist", post=True),
    *(of(f"order:list-{one}", SET, "wordlist", post=True) for one in ("change", "write", "import", "strike", "back")),
    of("order:list-idle", SET, "wordlist"),
    of("order:list-remove", SET, "wordlist"),
    Cell("rehearse", SET, is_post=True, said={"community": "home"}),
    of("rehearse-run", READ, "rehearsal"),
    *(of(f"rehearse-{one}", SET, "rehearsal", post=True) for one in ("drop", "compare", "keep")),
    of("import-run", IMPORT, "run"),
    of("import-pause", IMPORT, "run", post=True),
    of("import-resume", IMPORT, "run", post=True),
    of("import-drop", IMPORT, "run", post=True),
    of("import-skipped", IMPORT, "run"),
    of("deeds-import", IMPORT, "brought"),
    of("deeds-back", IMPORT, "brought", post=True),
    Cell("groups-edit", SET, SOMEWHERE),
    Cell("groups-table", SET, SOMEWHERE),
    Cell("people-tagging", DECIDE, SOMEWHERE),
    Cell("import", IMPORT, SOMEWHERE),
    Cell("deeds", IMPORT, SOMEWHERE),
    Cell("people-tags", READ, SOMEWHERE),
    Cell("people-same", DECIDE, SOMEWHERE),
    of("settings-line", SET, "line"),
    of("settings-line-act", SET, "line", "pause", post=True),
    of("settings-line-close", SET, "line", post=True),
    Cell("settings-connect", SET, SOMEWHERE),
    Cell("settings-found", SET, EVERYWHERE, is_post=True),
    Cell("settings-sign-ins", OWN, EVERYWHERE),
    Cell("settings-demo", OWN, EVERYWHERE, is_post=True),
    Cell("journal-verify", OWN, EVERYWHERE, is_post=True),
)
APART = {
    # a token or another program's word counts, not a role
    "community-hook": "test_hook.py",
    "community-hook-deeds": "test_bringing.py",
    "deeds-look": "test_bringing.py",
    "import-look": "test_imports.py",
    "import-forget": "test_imports.py",
    "sandbox-open": "test_sandbox.py",
    **dict.fromkeys(
        (f"sandbox-{one}" for one in ["lab", "play", "person", "clear", "back", "drop", "drill", "picture"]),
        "test_sandbox.py",
    ),
    # what they are about is made and asked for in one go there
    "community-chain-change": "test_community.py",
    "rehearse-back": "test_rehearsal.py",
    "community-tick": "test_community.py",
    "groups-edited": "test_registry_pages.py",
    "groups-undo": "test_registry_pages.py",
    "group-unsay": "test_group.py",
    "people-decide": "test_same.py",
    "people-recall": "test_same.py",
    "people-segment-new": "test_segments.py",
    "people-untag-batch": "test_segments.py",
    "people-retag-batch": "test_tagging.py",
    "seeds": "test_seeds.py",
    "settings-pause": "test_settings.py",
    "settings-sign-in": "test_settings.py",
    **dict.fromkeys(
        (f"today-{one}" for one in ["retry", "hold-item", "release-item", "hold-timer", "release-timer"]),
        "test_today.py",
    ),
    **dict.fromkeys(("today-done", "today-undone", "today-seen"), "test_access.py"),
    # whose groups are counted is asked in the page
    **dict.fromkeys(("insights-metric", "insights-answer", "insights-people"), "test_insights.py"),
}
NOTHING_FOUND = Rehearsed(Tally(), Agreement(), 0).to_kept()
PLACES = (HOME, "other", EVERYWHERE)
SECRET = "只有家里人知道"


def made(model: type[models.Model], **known: Any) -> int:
    """A row with these values; whatever else it must have is filled in."""
    for one in model._meta.concrete_fields:
        if (one.primary_key and one.remote_field is None) or one.attname in known or one.name in known:
            continue
        if one.has_default() or one.null or one.blank or one.db_default is not models.NOT_PROVIDED:
            continue
        known[one.attname] = _filler(one)
    return int(model._default_manager.create(**known).pk)


def _filler(one: models.Field[Any, Any]) -> object:
    match one:
        case models.DateTimeField():
            return clock.now()
        case models.JSONField():
            return {}
        case models.DateField():
            return clock.now().date()
        case models.BooleanField():
            return True
        case models.IntegerField() | models.FloatField():
            return 1
        case _:
            return "x"


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """One of everything, all of it the tea friends'."""
    with cast.clock_stands(cast.TUESDAY):
        tea = cast.build_tea(groups=("g1", "g2"), name=SECRET, mode=Mode.SUGGEST)
        cast.arrive([*(cast.message(f"m{n}", "an", "白茶好喝") for n in range(3)), cast.join("j", "man")])
        cast.told()
        cast.told(clock.now() + timedelta(minutes=10))
        counted()
        other = do_found_community(name="别家", at=clock.now())
        do_register_group(other, NewGroup(carrier="sandbox", ref="far", carrier_name="别家群"), at=clock.now())
        yield World(tea.community_id, other, tea.first, _one_of_everything(tea))


def _one_of_everything(tea: cast.Tea) -> dict[str, int]:
    home, group = tea.community_id, tea.first
    one, two = Identity.objects.filter(ref__in=("an", "bo")).order_by("pk")
    message = Message.objects.filter(group=group).order_by("pk")[0]
    seat = Membership.objects.get(group=group, identity=one)
    left_seat = made(
        Membership,
        community_id=home,
        group_id=list(tea.groups.values())[1],
        identity_id=made(Identity, person_id=one.person_id, is_bot=False),
        is_present=False,
    )
    made(CardCorrection, membership_id=seat.pk, field="city", value="上海")
    rule = {"did": "messages", "at_least": 1, "last_days": 30}
    incident = made(Incident, community_id=home, group_id=group, kind="quarrel", severity="high")
    made(Moment, incident_id=incident, kind="task", key="task:t", params={"task": "t"})
    return {
        "message": message.pk,
        "person": one.person_id or 0,
        "seat": seat.pk,
        "left_seat": left_seat,
        "why": made(LeaveReason, membership_id=left_seat, community_id=home, taken_back_at=None),
        "note": made(Note, identity_id=one.pk, community_id=home),
        "merge": made(Merge, one_id=one.pk, other_id=two.pk),
        "apart": made(Apart, one_id=one.pk, other_id=two.pk, undone_at=None),
        "pair": made(Alike, one_id=one.pk, other_id=two.pk),
        "segment": made(Segment, community_id=home, rule=rule),
        "tag": made(Tag, community_id=home),
        "shortlist": made(Shortlist, community_id=home),
        "version": made(ChainVersion, community_id=home),
        "link": made(GroupLink, kind="replaced", before_id=list(tea.groups.values())[1], after_id=group),
        "staff": Staff.objects.filter(community=home).values_list("pk", flat=True)[0],
        "item": OutboxItem.objects.filter(community_id=home, state="needs_approval").values_list("pk", flat=True)[0],
        "case": Case.objects.filter(community_id=home, kind="approval").values_list("pk", flat=True)[0],
        "appeal": made(Case, community_id=home, group_id=group, identity_id=one.pk, kind="appeal", key="appeal:x"),
        "run": made(ImportRun, community_id=home),
        "incident": incident,
        "rule": do_write_rule(
            home, RuleNotes(name="押金", is_important=True), "押金结营后退。", at=clock.now(), user_id=None
        ),
        "home": home,
        "line": made(Line, community_id=home, carrier="onebot"),
        "rehearsal": made(Rehearsal, community_id=home, capability="order", state="done", result=NOTHING_FOUND),
        "wordlist": made(WordList, community_id=home, does="ask", words="word,way,kind\n"),
        "incident_task": made(Task, community_id=home, key="t"),
        "brought": made(DeedImport, community_id=home, taken_back_at=None),
        "correction": made(Correction, community_id=home, message_id=message.pk, verdict="ad"),
    }


def answered(client: Client, cell: Cell, world: World) -> int:
    """The status of an answer, of which nothing stays."""
    address = reverse(cell.full_name, args=cell.args(world))
    said = {name: str(world.ids.get(word, word)) for name, word in cell.said.items()}
    cache.clear()
    with transaction.atomic():
        response = client.post(address, said) if cell.is_post else client.get(address)
        b"".join(response) if response.streaming else response.content  # type: ignore[arg-type]
        transaction.set_rollback(True)
    return response.status_code


@pytest.mark.parametrize("role", [None, *Role], ids=str)
def test_every_address_answers_whoever_may_and_nobody_else(world: World, role: Role | None) -> None:
    wrong = []
    for place in PLACES if role else (HOME,):
        at = {HOME: world.home, "other": world.other, EVERYWHERE: None}[place]
        client = signed_in_as(f"{role}-{place}", role.value if role else "", at)
        client.raise_request_exception = False
        for cell in CELLS:
            status = answered(client, cell, world)
            if (status != REFUSED) is not cell.may(role, place) or status >= 500:
                wrong.append((cell.name, str(role), place, status))
    assert wrong == []


def test_nobody_is_answered_when_they_are_not_signed_in(world: World, client: Client) -> None:
    answers = {cell.name: answered(client, cell, world) for cell in CELLS}
    assert {name: status for name, status in answers.items() if status not in {302, REFUSED}} == {}


def test_lists_hold_nothing_of_other_communities_when_somebody_may_see_one(world: World) -> None:
    neighbour = signed_in_as("neighbour", Role.OWNER.value, world.other)
    owner = signed_in_as("home", Role.OWNER.value, world.home)
    told = {}
    for cell in CELLS:
        if cell.where in {ANYBODY, SOMEWHERE} and not cell.is_post:
            pages = [_words(one, reverse(cell.full_name)) for one in (neighbour, owner)]
            told[cell.name] = [SECRET in page for page in pages]
    assert {name for name, (theirs, _) in told.items() if theirs} == set()
    assert {name for name, (_, ours) in told.items() if ours} >= {"groups", "people", "journal", "reports", "settings"}


def _words(client: Client, address: str) -> str:
    response = client.get(address)
    content = b"".join(response) if response.streaming else response.content  # type: ignore[arg-type]
    return content.decode()


def test_work_of_another_community_stays_as_it_is_when_somebody_names_it(world: World) -> None:
    """Today answers as for work that is gone, so the answer tells nothing; what counts is that nothing happens."""
    open_task, open_case = made(Task, community_id=world.home), made(Case, community_id=world.home)
    done_task = made(Task, community_id=world.home, state="done", done_at=clock.now())
    neighbour = signed_in_as("neighbour", Role.OWNER.value, world.other)
    for name, one in (("today-done", open_task), ("today-undone", done_task), ("today-seen", open_case)):
        neighbour.post(reverse(f"console:{name}", args=[one]))
    states = dict(Task.objects.filter(pk__in=(open_task, done_task)).values_list("pk", "state"))
    assert states == {open_task: "open", done_task: "done"}
    assert Case.objects.get(pk=open_case).state == "open"


def test_every_address_has_its_cell_when_it_is_new() -> None:
    names = {pattern.name or "" for pattern in screens}
    names |= {
        f"{offered.namespace}:{pattern.name}"
        for offered in urlpatterns
        if offered.namespace != "console"
        for pattern in offered.url_patterns
    }
    assert names - {cell.name for cell in CELLS} - set(APART) == set()
    assert {one for one in APART if one not in names} == set()
    assert {file for file in APART.values() if not (Path(__file__).parent / file).exists()} == set()
