"""Small worlds written row by row, so that everything in them can be counted by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from django.contrib.auth import get_user_model

from qunying.communities.actions import NewGroup, NewStaff, do_found_community, do_name_staff, do_register_group
from qunying.communities.queries import CountedGroup, list_counted_groups
from qunying.desk.models import Case
from qunying.journal.actions import do_record_facts
from qunying.kernel.facts import Fact
from qunying.kernel.readings import UNREAD, Reading, Verdict, mask_of
from qunying.outbox.models import OutboxItem
from qunying.people.actions import Account, Came, Seat, SeatNews, Spoke, Went, do_count_talk, do_know, do_move, do_seat
from qunying.talk.actions import Change, NewMessage, do_change_messages, do_keep_messages

NOON = datetime(2024, 3, 4, 12, tzinfo=ZoneInfo("Asia/Shanghai")).astimezone(UTC)  # a Monday
_numbers = count(1)


SOON = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Done:
    """One effect of a step: ``by`` let it go; it was delivered so much ``later`` than the step's first."""

    kind: str = "Say"
    is_warning: bool = False
    by: str = ""
    later: timedelta = timedelta()
    state: str = "sent"
    capability: str = "order"


DONE_AS_WARNING = Done(is_warning=True)


@dataclass
class Home:
    """A community with groups; people are known by name."""

    timezone: str = "Asia/Shanghai"
    groups: Sequence[str] = ("茶友",)
    staff: Sequence[str] = ()
    number: int = field(default_factory=lambda: next(_numbers))

    def __post_init__(self) -> None:
        self.id = do_found_community(name=f"社群{self.number}", at=NOON, timezone=self.timezone)
        self.group_ids = [
            do_register_group(
                self.id,
                NewGroup(carrier="sandbox", ref=f"g{self.number}-{n}", carrier_name=f"{name}{self.number}"),
                at=NOON,
            )
            for n, name in enumerate(self.groups)
        ]
        do_name_staff(self.id, [NewStaff("sandbox", f"{self.number}:{name}", name, "operator") for name in self.staff])

    @property
    def counted(self) -> tuple[CountedGroup, ...]:
        """The groups as those who count take them."""
        return tuple(list_counted_groups(community_ids=[self.id]))

    def who(self, name: str, *, is_bot: bool = False) -> int:
        """The identity of that name."""
        account = Account("sandbox", f"{self.number}:{name}")
        return do_know({account: name}, NOON, are_bots=is_bot)[account].id

    def sit(self, name: str, group: int = 0, *, is_bot: bool = False) -> int:
        """Somebody who has been there since before we looked."""
        identity = self.who(name, is_bot=is_bot)
        do_seat({Seat(self.group_ids[group], identity): SeatNews(self.id, name, "", "member", is_present=True)})
        return identity

    def say(
        self,
        name: str,
        at: datetime,
        text: str = "早",
        group: int = 0,
        *,
        is_own: bool = False,
        kind: str = "text",
        to: str = "",
        holds: Sequence[Verdict] | None = None,
    ) -> str:
        """A message; answers its key. An empty name: the platform speaks, or (``is_own``) our account.

        ``to`` is the key of what it answers; ``holds`` are the verdicts of whoever read it (None: nobody has).
        """
        identity = self.sit(name, group) if name else None
        key = f"m{next(_numbers)}"
        do_keep_messages(
            [
                NewMessage(
                    community_id=self.id,
                    group_id=self.group_ids[group],
                    sender_id=identity,
                    source_key=key,
                    at=at,
                    text=text,
                    kind=kind,
                    is_own=is_own,
                    reply_to=to,
                    reading=None if holds is None else _reading(holds),
                )
            ]
        )
        if identity:
            do_count_talk({Seat(self.group_ids[group], identity): Spoke(1, at, at)})
        return key

    def recall(self, key: str, at: datetime, group: int = 0) -> None:
        """Withdraws a message."""
        do_change_messages([Change(group_id=self.group_ids[group], source_key=key, at=at)])

    def edit(self, key: str, at: datetime, text: str, group: int = 0) -> None:
        """Changes the words of a message."""
        do_change_messages([Change(group_id=self.group_ids[group], source_key=key, at=at, text=text)])

    def join(self, name: str, at: datetime, group: int = 0, *, via: str = "", inviter: str = "") -> None:
        """Somebody comes."""
        identity = self.sit(name, group)
        brought = self.who(inviter) if inviter else None
        do_move([(Seat(self.group_ids[group], identity), Came(at, via, brought))])
        self._record("member.joined", identity, at, group, {"via": via, **({"inviter": brought} if brought else {})})

    def leave(self, name: str, at: datetime, group: int = 0, *, operator: str = "") -> None:
        """Somebody goes, or is removed."""
        identity = self.sit(name, group)
        do_move([(Seat(self.group_ids[group], identity), Went(at))])
        self._record("member.left", identity, at, group, {"operator": self.who(operator)} if operator else {})

    def act(
        self, name: str, said_at: datetime, *done: Done, group: int = 0, rule: str = "no_ads", took: timedelta = SOON
    ) -> str:
        """A step of a rule against somebody, delivered so long after its cause; answers the cause's key.

        ``rule`` "" is none of a ladder.
        """
        cause, member = f"c{next(_numbers)}", self.sit(name, group)
        for effect in done or (DONE_AS_WARNING,):
            self._queue(cause, member, said_at, took, group, rule, effect)
        return cause

    def _queue(
        self, cause: str, member: int, said_at: datetime, took: timedelta, group: int, rule: str, effect: Done
    ) -> None:
        user = effect.by and get_user_model().objects.get_or_create(username=effect.by)[0].pk
        OutboxItem.objects.create(
            key=f"{cause}:{next(_numbers)}",
            community_id=self.id,
            group_id=self.group_ids[group],
            carrier="sandbox",
            kind=effect.kind,
            member_id=member,
            payload={"text": "", "is_warning": effect.is_warning},
            state=effect.state,
            capability=effect.capability,
            reason_code="order.draws",
            reason_params={"name": "", **({"rule": rule, "step": 1} if rule else {})},
            cause_key=cause,
            queued_at=said_at,
            expires_at=said_at,
            finished_at=said_at + took + effect.later,
            approved_by_id=user or None,
        )

    def judge(
        self,
        name: str,
        at: datetime,
        state: str,
        *,
        kind: str = "approval",
        cause: str = "",
        group: int = 0,
        by: str = "x",
    ) -> int:
        """A case about somebody, decided so by a colleague, or (``by`` "") by nobody; «open»: it was opened then."""
        user = get_user_model().objects.get_or_create(username=by)[0].pk if by else None
        key = f"approve:{cause}/order" if kind == "approval" else f"appeal:{cause}"
        case = Case.objects.create(
            key=key if cause else f"case {next(_numbers)}",
            community_id=self.id,
            group_id=self.group_ids[group],
            identity_id=self.sit(name, group),
            kind=kind,
            score=0.7 if kind == "approval" else None,
            capability="order",
            reason="order.draws",
            state=state,
            opened_at=at if state == "open" else at - timedelta(minutes=5),
            closed_at=None if state == "open" else at,
            closed_by_id=None if state == "open" else user,
        )
        return case.pk

    def lift(self, name: str, cause: str, at: datetime, group: int = 0) -> None:
        """A step against somebody is taken back."""
        self._record("step.lifted", self.who(name), at, group, {"rule": "no_ads", "step": 1, "cause": cause})

    def _record(self, name: str, identity: int, at: datetime, group: int, words: dict[str, object]) -> None:
        do_record_facts(
            [
                Fact(
                    name=name,
                    at=at,
                    community_id=self.id,
                    group_id=self.group_ids[group],
                    identity_id=identity,
                    key=f"f{next(_numbers)}",
                    words=words,
                )
            ]
        )


def _reading(holds: Sequence[Verdict]) -> Reading:
    return Reading(UNREAD.scores, sum(mask_of(verdict) for verdict in holds), "test")


def hours(n: float) -> timedelta:
    """That many hours."""
    return timedelta(hours=n)
