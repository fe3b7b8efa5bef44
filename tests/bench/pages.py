"""How long every page of the console takes in a large installation: what one process does to answer one request.

    python -m tests.bench.pages            seeds 300 groups, 50,000 memberships, 500,000 messages (some two minutes)
    python -m tests.bench.pages --full     seeds 3,000 groups, 500,000 memberships, 5,000,000 messages (some twenty minutes)
    QUNYING_HOME=… python -m tests.bench.pages --home     takes an installation that is there

Every page is asked forty times, with other groups, people and words each time and with an empty cache, by the owner of
everything and by somebody who sees three communities. Prints one JSON object per page: the 95th percentile in milliseconds
of processor time (``ours``) beside the budget (``peer``; ``ratio`` above 1 is better than it), with the median, the same of
wall clock time, and the most queries that one request needed. ``--only`` asks pages whose name begins so.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

CASES = 100
BUDGET = 150.0  # milliseconds
ASKED = 40
SMALL = (6, 300, 50_000, 500_000)
FULL = (20, 3_000, 500_000, 5_000_000)
REACH = (1, 2, 3)  # the communities that the second reader sees
WORDS = ("白茶", "茶会", "退款", "凤凰单丛", "茶", "優惠券", "几点开始", "不存在的词", "盖碗 收费", "陈晨")
NAMES = ("陈晨", "安", "王博", "欧", "上海", "ca", "小满", "mZ", "林雨", "🫖", "上海 首席技术官", "shcto", "陈辰")
KINDS = ("member.joined", "decision.made", "effect.sent", "mode.changed", "pause.started", "task.done", "member.left")
KPI_NAMES = ("joins", "active_week", "layers", "kept_30", "leave_rate", "revenue")
METRICS = (
    ("members", "group"),
    ("members", "community"),
    ("members", "source"),
    ("members", "city"),
    ("members", "inviter"),
    ("members", "layer"),
    ("dau", "day"),
    ("mau", "group"),
    ("stickiness", "day"),
    ("joins", "day"),
    ("joins", "source"),
    ("leaves", "week"),
    ("net_joins", "day"),
    ("messages", "day"),
    ("messages", "group"),
    ("messages", "hour"),
    ("speakers", "day"),
    ("speakers", "group"),
    ("active_rate_day", "group"),
    ("active_rate_week", "group"),
    ("active_rate_month", "group"),
    ("active_hours", ""),
    ("top_share", "day"),
    ("top_share", "group"),
    ("gini", "day"),
    ("gini", "group"),
    ("messages_by_day", ""),
    ("speakers_by_day", ""),
)


@dataclass(frozen=True, slots=True)
class Known:
    """What addresses may be made of."""

    communities: tuple[int, ...]
    groups: tuple[int, ...]
    people: tuple[int, ...]
    imports: tuple[int, ...]
    messages: tuple[tuple[int, int], ...]  # with the group of each first
    now: datetime
    segments: tuple[int, ...] = (1,)
    tags: tuple[int, ...] = (1,)
    incidents: tuple[int, ...] = (1,)
    rules: tuple[int, ...] = (1,)
    lists: tuple[int, ...] = (1,)
    rehearsals: tuple[int, ...] = (1,)

    def community(self, number: int) -> int:
        """Another one for every number."""
        return self.communities[number % len(self.communities)]

    def group(self, number: int) -> int:
        """Another one for every number."""
        return self.groups[number * 37 % len(self.groups)]

    def person(self, number: int) -> int:
        """Another one for every number."""
        return self.people[number * 41 % len(self.people)]

    def run(self, number: int) -> int:
        """Another import for every number."""
        return self.imports[number % len(self.imports)]

    def message(self, number: int) -> str:
        """The address of another message for every number."""
        group, message = self.messages[number * 43 % len(self.messages)]
        return f"/groups/{group}/messages/{message}/"

    def said(self, number: int) -> str:
        """Twenty messages of the first community."""
        return ",".join(str(self.messages[(number * 43 + n) % len(self.messages)][1]) for n in range(20))

    def wordlist(self, number: int) -> int:
        """Another list of words for every number."""
        return self.lists[number % len(self.lists)]

    def day(self, number: int) -> str:
        """A day of the last three months."""
        return (self.now - timedelta(days=1 + number * 7 % 90)).date().isoformat()


@dataclass(frozen=True, slots=True)
class Page:
    """A page by its address for the n-th time it is asked. A part is asked as htmx does."""

    name: str
    address: Callable[[int, Known], str]
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What one request took, in milliseconds and queries."""

    cpu: float
    wall: float
    queries: int


def word(words: tuple[str, ...], number: int) -> str:
    """One of them, fit for an address."""
    return quote(words[number % len(words)])


def plain(path: str) -> Callable[[int, Known], str]:
    """The same address every time."""
    return lambda _number, _known: path


def of_group(rest: str) -> Callable[[int, Known], str]:
    """An address of one group after the other."""
    return lambda n, known: f"/groups/{known.group(n)}/{rest}"


def of_community(period: str) -> Callable[[int, Known], str]:
    """A report of one community after the other."""
    return lambda n, known: f"/reports/{known.community(n)}/{period}/"


PAGES: tuple[Page, ...] = (
    Page("today", plain("/")),
    Page("today_second_page", plain("/?page=2")),
    Page("today_poll", plain("/?polling=x"), is_part=True),
    Page("groups", plain("/groups/")),
    Page("groups_second_page", lambda n, _: f"/groups/?page={2 + n % 4}"),
    Page("groups_ordered", lambda n, _: f"/groups/?order={('members', 'speakers', 'messages', 'change')[n % 4]}"),
    Page("groups_found", lambda n, _: f"/groups/?q={word(('上海', '茶友', '12', 'weight>80'), n)}"),
    Page("groups_of_health", lambda n, _: f"/groups/?health={('quiet', 'slowing', 'active', 'warmer')[n % 4]}"),
    Page("groups_of_community", lambda n, k: f"/groups/?community={k.community(n)}&folded=all"),
    Page("groups_mistyped", lambda n, _: f"/groups/?q={word(('上海茶有', '茶右群', 'shcy'), n)}"),
    Page("groups_edit", lambda n, k: f"/groups/edit/?all=1&community={k.community(n)}"),
    Page("groups_table", plain("/groups/table/")),
    Page("group", of_group("")),
    Page("group_with_past", of_group("?past=1")),
    Page("group_lineage", of_group("settings/lineage/")),
    Page("group_stream", of_group("stream/?after=1-1-20260101"), is_part=True),
    Page("group_members", of_group("members/")),
    Page("group_members_found", lambda n, k: f"/groups/{k.group(n)}/members/?q={word(NAMES, n)}&order=spoke"),
    Page("group_messages", of_group("messages/")),
    Page("group_messages_of_day", lambda n, k: f"/groups/{k.group(n)}/messages/?day={k.day(n)}"),
    Page("group_messages_found", lambda n, k: f"/groups/{k.group(n)}/messages/?q={word(WORDS, n)}"),
    Page("group_message", lambda n, k: k.message(n)),
    Page("group_members_of_layer", of_group("members/?layer=follower")),
    Page("group_talks", of_group("talks/")),
    Page("group_talks_part", of_group("talks/"), is_part=True),
    Page("journey_answer", lambda n, _: f"/insights/{('funnel', 'retention', 'life_cycle')[n % 3]}/answer/?span=28"),
    Page("journey", lambda n, _: f"/insights/{('funnel', 'retention', 'life_cycle')[n % 3]}/"),
    Page("journey_of_segment", lambda n, k: f"/insights/funnel/answer/?segment={k.segments[n % len(k.segments)]}"),
    Page(
        "journey_in_parts",
        lambda n, _: f"/insights/funnel/answer/?span=28&by={('source', 'city', 'industry', 'segment')[n % 4]}",
    ),
    Page("retention_of_segments", plain("/insights/retention/answer/?span=28&by=segment")),
    Page("metric_of_segment", lambda n, k: f"/insights/messages/answer/?segment={k.segments[n % len(k.segments)]}"),
    Page("metric_waiting", lambda n, k: f"/insights/messages/?segment={k.segments[n % len(k.segments)]}"),
    Page("replies", plain("/insights/replies/?span=28")),
    Page("replies_answer", lambda n, k: f"/insights/replies/answer/?span=28&group={k.group(n)}"),
    Page("churn_answer", lambda n, k: f"/insights/churn/answer/?span=28&group={k.group(n)}&silent={('', '14')[n % 2]}"),
    Page("paths_answer", plain("/insights/paths/answer/?span=28")),
    Page("journey_people", lambda n, _: f"/insights/funnel/people/?span=28&n={1 + n % 2}&did={('', 'not')[n % 2]}"),
    Page("group_settings", of_group("settings/")),
    Page("group_kept", of_group("kept/?hangs=1"), is_part=True),
    Page("group_carried", of_group("carried/"), is_part=True),
    Page("community_carried", lambda n, k: f"/communities/{k.community(n)}/carried/", is_part=True),
    Page("reports", plain("/reports/")),
    *(Page(f"digest_{one}", of_community(one)) for one in ("day", "week", "month")),
    *(Page(f"digest_rest_{one}", of_community(f"{one}/rest"), is_part=True) for one in ("day", "week", "month")),
    Page("group_report", of_group("report/")),
    Page("group_report_30_days", lambda n, k: f"/groups/{k.group(n)}/report/?from={k.day(4)}&to={k.day(0)}"),
    Page("group_report_json", of_group("report/json/")),
    Page("communities", plain("/communities/")),
    Page("community_card", lambda n, k: f"/communities/{k.community(n)}/card/", is_part=True),
    Page("community", lambda n, k: f"/communities/{k.community(n)}/"),
    Page("community_28_days", lambda n, k: f"/communities/{k.community(n)}/?days=28"),
    Page("community_board", lambda n, k: f"/communities/{k.community(n)}/board/", is_part=True),
    Page("community_chain", lambda n, k: f"/communities/{k.community(n)}/chain/"),
    Page("community_kpi", lambda n, k: f"/communities/{k.community(n)}/kpis/{KPI_NAMES[n % len(KPI_NAMES)]}/"),
    Page("deeds", lambda n, k: f"/import/deeds/?community={k.community(n)}"),
    Page("community_left", lambda n, k: f"/communities/{k.community(n)}/left/"),
    Page("people", plain("/people/")),
    Page("people_far_page", lambda n, _: f"/people/?page={20 + n}"),
    Page(
        "people_ordered",
        lambda n, k: f"/people/?sort={('spoke', 'joined')[n % 2]}&community={k.community(n) if n % 4 else ''}",
    ),
    Page("people_found", lambda n, _: f"/people/?q={word(NAMES, n)}"),
    Page("people_silent", lambda n, _: f"/people/?talk=never&presence={('present', 'left', 'all')[n % 3]}"),
    Page("people_left", lambda n, k: f"/people/?presence=left&community={k.community(n)}"),
    Page("people_tagged", lambda n, k: f"/people/?tag={k.tags[n % len(k.tags)]}"),
    Page("people_of_segment", lambda n, k: f"/people/?segment={k.segments[n % len(k.segments)]}"),
    Page("people_tagging", lambda n, k: f"/people/tagging/?all=1&community={k.community(n)}"),
    Page("segments", plain("/people/segments/")),
    Page("segment", lambda n, k: f"/people/segments/{k.segments[n % len(k.segments)]}/"),
    Page("segment_people", lambda n, k: f"/people/segments/{k.segments[n % len(k.segments)]}/people/", is_part=True),
    Page("segment_new", lambda n, _: f"/people/segments/new/?ready={('talking', 'quiet', 'new', 'buyers')[n % 4]}"),
    Page("segment_edit", lambda n, k: f"/people/segments/{k.segments[n % len(k.segments)]}/edit/"),
    Page("tags", lambda n, k: f"/people/tags/?community={k.community(n)}"),
    Page("tag", lambda n, k: f"/people/tags/{k.tags[n % len(k.tags)]}/"),
    Page("person", lambda n, k: f"/people/{k.person(n)}/"),
    Page("person_beside", lambda n, k: f"/people/{k.person(n)}/beside/", is_part=True),
    Page("person_merge", lambda n, k: f"/people/{k.person(n)}/merge/?q={word(NAMES, n)}"),
    Page("people_same", plain("/people/same/")),
    Page("seeds", plain("/seeds/")),
    Page("seeds_community", lambda n, k: f"/seeds/{k.community(n)}/"),
    Page("seeds_far_page", lambda n, k: f"/seeds/{k.community(n)}/?page={2 + n}"),
    Page("seeds_lists", lambda n, k: f"/seeds/{k.community(n)}/lists/"),
    Page("seeds_ladder", lambda n, k: f"/seeds/{k.community(n)}/ladder/"),
    Page("seeds_weights", lambda n, k: f"/seeds/{k.community(n)}/weights/"),
    Page("person_traits", lambda n, k: f"/people/{k.person(n)}/traits/", is_part=True),
    Page("search", lambda n, _: f"/search/?q={word(WORDS, n)}"),
    Page("search_while_typing", lambda n, _: f"/search/?q={word(NAMES, n)}", is_part=True),
    Page("search_messages", lambda n, k: f"/search/?q={word(WORDS, n)}&in=messages&page={k.community(n)}"),
    Page("search_people", lambda n, _: f"/search/?q={word(NAMES, n)}&in=people"),
    Page("search_groups", lambda n, _: f"/search/?q={word(('上海', '茶友', 'weight>90', '茶有群'), n)}&in=groups"),
    Page("imports", plain("/import/")),
    Page("import_run", lambda n, k: f"/import/{k.run(n)}/"),
    Page("review", plain("/review/")),
    Page("review_oldest_first", plain("/review/?order=old&all=1")),
    Page("outbox", plain("/outbox/")),
    Page("outbox_of_state", lambda n, _: f"/outbox/?state={('waiting', 'needs_approval', 'sent', 'failed')[n % 4]}"),
    Page("outbox_of_group", lambda n, k: f"/outbox/?group={k.group(n)}&capability=onboarding"),
    Page("outbox_poll", plain("/outbox/news/"), is_part=True),
    Page("outbox_newer", lambda n, _: f"/outbox/?after={n}", is_part=True),
    Page("journal", plain("/journal/")),
    Page("journal_far_page", lambda n, _: f"/journal/?page={20 + n}"),
    Page("journal_of_kind", lambda n, _: f"/journal/?kind={KINDS[n % len(KINDS)]}"),
    Page("journal_of_community", lambda n, k: f"/journal/?community={k.community(n)}&kind={KINDS[n % len(KINDS)]}"),
    Page("journal_of_group", lambda n, k: f"/journal/?group={k.group(n)}"),
    Page("journal_of_group_and_kind", lambda n, k: f"/journal/?group={k.group(n)}&kind={KINDS[n % len(KINDS)]}"),
    Page("journal_of_actor", lambda n, _: f"/journal/?actor={('system', 'user:', 'member:', 'import:')[n % 4]}"),
    Page("journal_of_person", lambda n, _: f"/journal/?who={word(NAMES, n)}"),
    Page("journal_of_day", lambda n, k: f"/journal/?day={k.day(n)}"),
    Page(
        "journal_of_everything",
        lambda n, k: f"/journal/?day={k.day(n)}&kind={KINDS[n % len(KINDS)]}&actor={('user:', 'system')[n % 2]}",
    ),
    Page("journal_newer", plain("/journal/?after=1"), is_part=True),
    Page("sandbox", plain("/sandbox/")),
    Page("incidents", plain("/incidents/")),
    Page("incident", lambda n, k: f"/incidents/{k.incidents[n % len(k.incidents)]}/"),
    Page("incident_everywhere", lambda n, k: f"/incidents/{k.incidents[n % len(k.incidents)]}/everywhere/"),
    Page("rules", lambda n, k: f"/rules/?community={k.community(n)}"),
    Page("rule", lambda n, k: f"/rules/{k.rules[n % len(k.rules)]}/?show={('missed', 'seen')[n % 2]}"),
    Page("rule_say", lambda n, k: f"/rules/{k.rules[n % len(k.rules)]}/say/"),
    Page("rule_tell", lambda n, k: f"/rules/{k.rules[n % len(k.rules)]}/tell/"),
    Page("lists", lambda n, k: f"/order/lists/?community={k.community(n)}"),
    Page("learn", lambda n, k: f"/order/learn/?community={k.community(n)}&messages={k.said(n)}"),
    Page("rehearse", lambda n, k: f"/rehearse/?community={k.community(n)}"),
    Page("rehearse_run", lambda n, k: f"/rehearse/{k.rehearsals[n % len(k.rehearsals)]}/"),
    Page("list", lambda n, k: f"/order/lists/{k.wordlist(n)}/?page={n}"),
    Page("list_ordered", lambda n, k: f"/order/lists/{k.wordlist(n)}/?order={('most', 'never')[n % 2]}"),
    Page("list_switch", lambda n, k: f"/order/lists/{k.wordlist(n)}/switch/"),
    Page("list_idle", lambda n, k: f"/order/lists/{k.wordlist(n)}/idle/"),
    Page("list_remove", lambda n, k: f"/order/lists/{k.wordlist(n)}/remove/"),
    Page("welcome", lambda n, k: f"/welcome/?community={k.community(n)}"),
    Page("settings", plain("/settings/")),
    Page("settings_community", lambda n, k: f"/settings/community/{k.community(n)}/"),
    Page("settings_capability", lambda n, k: f"/settings/community/{k.community(n)}/capability/onboarding/"),
    Page("settings_layers", lambda n, k: f"/settings/community/{k.community(n)}/layers/"),
    Page("settings_corrections", lambda n, k: f"/settings/community/{k.community(n)}/corrections/"),
    Page("settings_accounts", plain("/settings/accounts/")),
    Page("settings_connect", plain("/settings/accounts/connect/")),
    Page("settings_platforms", plain("/settings/accounts/platforms/")),
    Page("settings_sign_ins", plain("/settings/sign-ins/")),
    Page("insights", plain("/insights/")),
    *(Page(f"metric_{name}{'_by_' if by else ''}{by}", plain(f"/insights/{name}/?by={by}")) for name, by in METRICS),
    Page("metric_of_90_days", lambda n, _: f"/insights/{('messages', 'speakers', 'joins')[n % 3]}/?span=90&by=week"),
    Page("metric_of_group", lambda n, k: f"/insights/messages/?group={k.group(n)}&span=all"),
    Page("metric_of_community", lambda n, k: f"/insights/speakers/?community={k.community(n)}&by=group"),
)


def run() -> Iterator[dict[str, Any]]:
    """Every page, measured in a process of its own; the large installation where ``QUNYING_BENCH_FULL`` is 1."""
    command = [sys.executable, "-m", "tests.bench.pages"]
    command += ["--full"] if os.environ.get("QUNYING_BENCH_FULL") == "1" else []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            yield json.loads(line)
    if process.returncode:
        raise RuntimeError(f"tests.bench.pages ended with {process.returncode}")


def main() -> None:
    """Prints a line per page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--full", action="store_true", help="3,000 groups instead of 300")
    parser.add_argument("--home", action="store_true", help="take the installation in QUNYING_HOME as it is")
    parser.add_argument("--only", default="", help="only pages whose name begins so")
    parser.add_argument("--times", type=int, default=ASKED, help="how often each page is asked")
    options = parser.parse_args()
    with _home(FULL if options.full else SMALL, is_there=options.home):
        for page in PAGES:
            if page.name.startswith(options.only):
                print(json.dumps(_line(page, options.times), ensure_ascii=False), flush=True)


@contextmanager
def _home(size: tuple[int, int, int, int], *, is_there: bool) -> Iterator[None]:
    """The settings that people run, over the installation that is there or over a fresh one."""
    os.environ.update(DJANGO_SETTINGS_MODULE="qunying.project.settings", QUNYING_DEBUG="0")
    with tempfile.TemporaryDirectory(prefix="qunying-pages-") as folder:
        if not is_there:
            os.environ.update(QUNYING_HOME=str(Path(folder) / "home"))
            os.environ.pop("DATABASE_URL", None)
        from qunying.runners.home import prepare_home
        from tests.bench.seed import Size, seed

        prepare_home()
        if not is_there:
            seed(Size(*size), datetime.now(UTC))
        importlib.import_module("qunying.project.wsgi")  # whatever a server does to its process counts here too
        yield


def _line(page: Page, times: int) -> Mapping[str, Any]:
    """The page as the owner gets it, and as somebody gets it who sees three communities."""
    known = _known()
    owner, colleague = (_answers(page, known, _reader(name), times) for name in ("owner", "colleague"))
    slower = max(owner, colleague, key=lambda answers: _percentile([one.cpu for one in answers]))
    ours = _percentile([one.cpu for one in slower])
    return {
        "name": f"page_{page.name}",
        "unit": "ms",
        "ours": round(ours, 1),
        "peer": BUDGET,
        "ratio": round(BUDGET / ours, 2),
        "p50": round(statistics.median(one.cpu for one in slower), 1),
        "owner_p95": round(_percentile([one.cpu for one in owner]), 1),
        "wall_p50": round(statistics.median(one.wall for one in slower), 1),
        "wall_p95": round(_percentile([one.wall for one in slower]), 1),
        "queries": max(one.queries for one in (*owner, *colleague)),
    }


def _percentile(values: list[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[18] if len(values) > 1 else values[0]


def _known() -> Known:
    from qunying.communities.models import Group
    from qunying.people.models import Membership
    from qunying.pipeline.models import ImportRun
    from qunying.talk.models import Message

    groups = Group.objects.filter(community__in=REACH).order_by("id").values_list("pk", flat=True)
    people = Membership.objects.filter(community__in=REACH).order_by("id").values_list("identity__person_id", flat=True)
    imports = ImportRun.objects.filter(community__in=REACH).order_by("id").values_list("pk", flat=True)
    said = Message.objects.filter(group__in=groups[:40]).order_by("-at").values_list("group", "pk")[:5000]
    _accuse([pk for _, pk in said[:CASES]])
    places = (REACH, tuple(groups), tuple(people[:5000]), tuple(imports), tuple(said), datetime.now(UTC))
    return Known(*places, *_segment_and_tag(people[:5000]))


def _accuse(message_ids: Sequence[int]) -> None:
    """What is proposed against whoever said these, so that there is something to judge."""
    from django.db import transaction

    from qunying.kernel.effects import DeleteMessage, EffectState, RemoveMember
    from qunying.kernel.events import MessageReceived, Who
    from qunying.kernel.opinions import Act, Reason
    from qunying.outbox.actions import do_enqueue
    from qunying.talk.models import Message

    decided = []
    for said in Message.objects.filter(pk__in=message_ids, sender__isnull=False):
        place = {"group_id": said.group_id, "member": said.sender_id}
        event = MessageReceived(
            key=f"accused-{said.pk}",
            at=datetime.now(UTC),
            lane_id=0,
            community_id=said.community_id,
            group_id=said.group_id,
            sender=Who(ref="x"),
            source_key=said.source_key,
            text=said.text,
        )
        reason = Reason("order.draws", {"rule": "promotion", "step": 1, "name": "安安", "score": 71})
        effects = [DeleteMessage(message_key=said.source_key, **place), RemoveMember(**place)]
        acts = [
            Act(effect, "order", reason, f"{event.key}/order/{n}", EffectState.NEEDS_APPROVAL, 0.71)
            for n, effect in enumerate(effects)
        ]
        decided.append((event, acts))
    with transaction.atomic():
        do_enqueue(decided)


def _segment_and_tag(people: Sequence[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """A segment and a tag to look at, made where there are none yet."""
    from qunying.people.segments import do_save_segment, list_segments
    from qunying.people.tags import NewTag, do_make_tag, do_tag_people, list_tags

    now = datetime.now(UTC)
    rule = {"did": "messages", "at_least": 3, "last_days": 30}
    user_id = _reader("owner").session["_auth_user_id"]
    if not list_segments(REACH[:1]):
        do_save_segment(REACH[0], "常说话的", "", rule, at=now, user_id=int(user_id))
    if not list_tags(REACH[:1], now):
        tag = do_make_tag(REACH[0], NewTag(name="新手"), at=now, user_id=int(user_id))
        do_tag_people(tag, set(people), how="hand", at=now, user_id=int(user_id))
    return tuple(one.id for one in list_segments(REACH[:1])), tuple(one.id for one in list_tags(REACH[:1], now))


def _reader(name: str) -> Any:
    """Somebody signed in: the owner of everything, or a lead of three communities."""
    from django.contrib.auth.models import User
    from django.test import Client

    from qunying.communities.access import Role
    from qunying.communities.actions import do_grant

    user, _is_new = User.objects.get_or_create(username=f"bench-{name}")
    for community in (None,) if name == "owner" else REACH:
        do_grant(user.pk, Role.OWNER if name == "owner" else Role.LEAD, community_id=community)
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _answers(page: Page, known: Known, client: Any, times: int) -> list[Answer]:
    """The first answer is left out: the process compiles its templates with it, once."""
    _answer(page, known, client, 0)
    return [_answer(page, known, client, number) for number in range(1, times + 1)]


def _answer(page: Page, known: Known, client: Any, number: int) -> Answer:
    from django.core.cache import cache
    from django.db import connection

    queries = 0

    def count(execute: Any, *call: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(*call)

    cache.clear()
    address = page.address(number, known)
    headers = {"HX-Request": "true"} if page.is_part else {}
    cpu, wall = time.process_time(), time.perf_counter()
    with connection.execute_wrapper(count):
        response = client.get(address, headers=headers)
        if response.status_code not in {200, 204, 404}:
            raise RuntimeError(f"{address} answered {response.status_code}")
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return Answer(cpu * 1000, wall * 1000, queries)


if __name__ == "__main__":
    main()
