"""Every page of the console needs a bounded number of queries, the same with thirty groups as with three."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, resolve

from qunying.capabilities.incidents.urls import urlpatterns as incidents
from qunying.capabilities.order.lists_told import table_of
from qunying.capabilities.order.models import WordList
from qunying.capabilities.order.urls import urlpatterns as order
from qunying.capabilities.rules.urls import urlpatterns as rules
from qunying.communities.actions_rules import RuleNotes, do_write_rule
from qunying.communities.queries import list_group_ids
from qunying.console.urls import screens
from qunying.desk.models import Task
from qunying.insights import answers, asking, figures, world
from qunying.insights.standing import do_keep_layers
from qunying.judgement.patterns import Word
from qunying.kernel import clock
from qunying.people.models import Identity, Segment
from qunying.people.tags import NewTag, do_make_tag, do_tag_people
from qunying.pipeline.models import ImportRun, Rehearsal
from qunying.pipeline.rehearsal import asked as rehearsals
from qunying.talk.models import Message
from tests import cast
from tests.bench.pages import PAGES, Known, Page
from tests.incidents.found import found
from tests.screens.conftest import counted, signed_in_as

QUERIES_AT_MOST = 60
FEW, MANY = 3, 30
NO_PAGES = {  # they do something, or hand out a file; the sandbox's labs have databases of their own
    "digest-file",
    "settings-rules",
    "community-chain-lay",
    "community-chain-add",
    "community-chain-change",
    "community-chain-back",
    "community-numbers",
    "community-hook",
    "community-hook-deeds",
    "deeds-look",
    "deeds-import",  # asked in test_bringing.py: here nobody has brought a table
    "deeds-back",
    "community-token",
    "community-token-drop",
    "community-kpi-aim",
    "community-kpi-back",
    "community-stage",
    "community-stage-back",
    "community-tick",
    "community-place",
    "group-say",
    "group-unsay",
    "group-notes",
    "group-touch",
    "group-teach",
    "group-unteach",
    "group-capability",
    "group-unlink",
    "groups-undo",
    "groups-edited",
    "import-look",
    "import-forget",
    "import-pause",
    "import-resume",
    "import-drop",
    "import-skipped",
    "journal-verify",
    "owner",  # and the others of an incident
    "note",
    "close",
    "reopen",
    "finish",
    "write",  # and the others of a rule
    "edit",
    "drop",
    "restore",
    "up",
    "list-change",
    "list-write",
    "list-import",
    "list-strike",
    "list-back",
    "outbox-decide",
    "outbox-unhold",
    "review-case",  # and others about one case: asked in test_review.py, here nothing waits
    "review-hold",
    "review-decide",
    "review-back",
    "review-hand-on",
    "review-answer",
    "people-decide",
    "people-recall",
    "people-segment-export",
    "people-segment-freeze",
    "people-segment-remove",
    "people-segment-tag",
    "people-tag-import",
    "people-tag-retire",
    "people-unapart",
    "people-unmerge",
    "people-untag-batch",
    "people-retag-batch",
    "person-consent",
    "person-why",  # asked in test_leaving.py: here nobody is known to have left
    "person-unwhy",
    "person-correct",
    "person-note",
    "person-tag",
    "person-unnote",
    "person-untag",
    "person-uncorrect",
    "rehearse-drop",
    "rehearse-compare",
    "rehearse-keep",
    "rehearse-back",
    "seeds-count",
    "seeds-make",
    "seeds-list",  # the pages of one list are asked in test_seeds.py: here nobody has made one
    "seeds-list-change",
    "seeds-plan",
    "seeds-invite",
    "settings-found",
    "settings-line",  # and what is done with one: asked in test_lines.py, here nobody has connected an account
    "settings-line-act",
    "settings-line-close",
    "settings-roster",
    "settings-strike",
    "settings-unteach",
    "settings-sign-in",
    "settings-pause",
    "settings-demo",
}


def build(groups: int) -> Known:
    """So many groups; in each somebody speaks, newcomers come and are welcomed, somebody goes."""
    with cast.clock_stands(cast.TUESDAY - timedelta(days=9)):
        refs = [f"g{number}" for number in range(groups)]
        tea = cast.build_tea(groups=refs)
        for ref in refs:
            cast.arrive([cast.message(f"{ref}-{n}", "an", f"白茶{chr(0x4E00 + n)}泡") for n in range(25)], ref)
            cast.arrive([cast.join(f"{ref}-j{n}", f"{ref}-new{n}") for n in range(groups)], ref)
        cast.told()
        cast.told(clock.now() + timedelta(minutes=10))
        run = ImportRun.objects.create(
            community_id=tea.community_id, group_name="旧群", title="旧群.txt", created_at=clock.now(), state="done"
        )
    for ref in refs:
        cast.arrive([cast.message(f"{ref}-m", "an", "今天喝什么茶"), cast.leave(f"{ref}-l", "bo")], ref)
    cast.told()
    counted()
    people = Identity.objects.filter(ref__in=["an", "bo"]).order_by("id").values_list("person_id", flat=True)
    ids = tuple(sorted(list_group_ids([tea.community_id])))
    said = tuple(Message.objects.filter(group__in=ids).order_by("pk").values_list("group", "pk"))
    segment, tag = _segment_and_tag(tea.community_id, people)
    rule = do_write_rule(
        tea.community_id, RuleNotes(name="押金", is_important=True), "押金结营后退。", at=clock.now(), user_id=None
    )
    quarrels = tuple(_incident(tea, ref, groups) for ref in refs[:FEW])
    kept = (
        (segment,),
        (tag,),
        quarrels,
        (rule,),
        (_wordlist(tea.community_id, groups),),
        (_rehearsal(tea.community_id, ids, groups),),
    )
    return Known((tea.community_id,), ids, tuple(people), (run.pk,), said, clock.now(), *kept)


def _rehearsal(community_id: int, groups: Sequence[int], words: int) -> int:
    """A rehearsal by nobody of a word that everybody says, with so many others."""
    tried = {"words": ["白茶", *(f"词{n}" for n in range(words))], "words_do": "delete"}
    about = {"capability": "order", "rule": tried, "groups": list(groups), "days": 30, "asked_at": clock.now()}
    made = Rehearsal.objects.create(community_id=community_id, **about).pk
    assert rehearsals.step(clock.now())
    return made


def _wordlist(community_id: int, words: int) -> int:
    """A list that is on, with so many words and one that everybody says; made by nobody, as segments and tags are."""
    table = table_of([Word(text) for text in ("白茶", *(f"词{n}" for n in range(words)))])
    about = {"title": "禁词", "does": "watch", "size": words + 1, "stamp": f"s{words}", "is_on": True}
    return WordList.objects.create(community_id=community_id, words=table, changed_at=clock.now(), **about).pk


def _incident(tea: cast.Tea, ref: str, people: int) -> int:
    """A quarrel of all newcomers of a group, each of whom has been talked to."""
    newcomers = [f"{ref}-new{n}" for n in range(people)]
    messages = [f"{ref}-{n}" for n in range(people)]
    quarrel = found(tea.community_id, "quarrel", group_id=tea.groups[ref], refs=newcomers, messages=messages)
    Task.objects.update(state="done", done_at=clock.now())
    return quarrel


def _segment_and_tag(community_id: int, people: Sequence[int]) -> tuple[int, int]:
    """A segment of everybody who spoke, and a tag that some bear; made by nobody, so that the journal has nobody to name."""
    at = clock.now()
    user = User.objects.get_or_create(username="maker")[0].pk
    rule = {"all": [{"did": "messages", "at_least": 1}, {"about": "role", "any_of": ["member"]}]}
    segment = Segment.objects.create(
        community_id=community_id,
        name="说话的",
        purpose="问近况",
        rule=rule,
        owner_id=user,
        created_at=at,
        changed_at=at,
    ).pk
    tag = do_make_tag(community_id, NewTag(name="新手", purpose="多讲一遍", owner_id=user), at=at, user_id=None)
    do_tag_people(tag, people, how="hand", at=at, user_id=None)
    do_keep_layers(at)
    return segment, tag


def queries_of(page: Page, known: Known, client: Client) -> int:
    """How many queries the page needs when nobody asked for a minute."""
    headers = {"HX-Request": "true"} if page.is_part else {}
    client.get(page.address(0, known), headers=headers)
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        response = client.get(page.address(0, known), headers=headers)
    assert response.status_code in {200, 204}, page.address(0, known)
    return len(captured)


def measured(groups: int, pages: Sequence[Page]) -> dict[str, int]:
    """Queries per page in a world of so many groups, which is gone afterwards."""
    with transaction.atomic():
        known, client = build(groups), signed_in_as("lin", "owner")
        found = {page.name: queries_of(page, known, client) for page in pages}
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("is_kept", [False, True], ids=["counted_while_one_waits", "counted_before"])
@pytest.mark.django_db
def test_every_page_needs_as_many_queries_as_before_when_there_are_ten_times_the_groups_and_members(
    is_kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_kept:  # as where there are too many groups to count them while somebody waits
        for module in (answers, asking, figures, world):
            monkeypatch.setattr(module, "FEW_GROUPS", 1)
    with cast.clock_stands(cast.TUESDAY):
        few, many = (measured(groups, PAGES) for groups in (FEW, MANY))
    assert {name: (few[name], many[name]) for name in few if few[name] != many[name]} == {}
    assert {name: count for name, count in many.items() if count > QUERIES_AT_MOST} == {}


def test_every_page_is_asked_when_pages_are_measured() -> None:
    known = Known((1,), (1,), (1,), (1,), ((1, 1),), cast.TUESDAY)
    asked = {resolve(urlsplit(page.address(0, known)).path).url_name for page in PAGES}
    assert _pages([*screens, *incidents, *rules, *order]) - asked - NO_PAGES == set()


def _pages(patterns: Sequence[URLPattern]) -> set[str]:
    names = {pattern.name or "" for pattern in patterns}
    files = {name for name in names if name.endswith("-export")}
    return {name for name in names - files if not name.startswith(("sandbox-", "today-", "group-report-"))}
