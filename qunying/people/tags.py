"""Tags on people: made, given, taken back; who bears one. What has ended counts no more and stays known."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from qunying.communities.queries import list_community_zones
from qunying.journal.actions import do_record_facts
from qunying.kernel.errors import BadUse
from qunying.kernel.facts import Fact
from qunying.kernel.texts import mark
from qunying.people.models import Identity, Membership, Tag, Tagging
from qunying.people.whoever import whoever
from qunying.store import rows

HOW = ("hand", "segment", "import", "answer")
MOST_DAYS = 3660
LONGEST_NAME, LONGEST_PURPOSE = 40, 200
_LINE = ("id", "community_id", "name", "purpose", "owner_id", "days", "ends_on", "created_at")
_COLUMNS = ["tag_id", "person_id", "how", "batch", "by_id", "given_at", "expires_at"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTag:
    """What somebody says of a tag. ``days``: how long whoever is given it keeps it; ``ends_on``: its own last day."""

    name: str
    purpose: str = ""
    owner_id: int | None = None
    days: int | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class TagLine:
    """A tag as it stands, and how many bear it now (who sit in its communities or not)."""

    id: int
    community_id: int | None
    name: str
    purpose: str
    owner_id: int | None
    days: int | None
    ends_on: date | None
    created_at: datetime
    people: int = 0


@dataclass(frozen=True, slots=True)
class Given:
    """What became of giving a tag: the batch to undo it by ("" where nobody is new), how many are new, how many had it."""

    batch: str
    new: int
    known: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of taking a tag: the batch to undo it by ("" where nobody bore it), and from how many it was taken."""

    batch: str
    people: int


def do_make_tag(community_id: int | None, new: NewTag, *, at: datetime, user_id: int | None) -> int:
    """A tag; answers its id. Raises ``BadUse`` for a name that is empty, too long or taken, and for days that cannot be."""
    new = _fit(new)
    with transaction.atomic():
        _check_free(community_id, new.name, 0)
        tag = Tag.objects.create(community_id=community_id, created_at=at, **asdict(new))
        do_record_facts([_about(tag, "tag.created", at, user_id, {})])
    return tag.pk


def do_change_tag(tag_id: int, new: NewTag, *, at: datetime, user_id: int | None) -> bool:
    """Writes down what is new about a tag; False where nothing is. Who bears it keeps it as long as was said then.

    Raises ``BadUse`` as ``do_make_tag``.
    """
    new = _fit(new)
    with transaction.atomic():
        tag = Tag.objects.select_for_update().get(pk=tag_id)
        _check_free(tag.community_id, new.name, tag_id)
        changed = sorted(name for name, value in asdict(new).items() if getattr(tag, name) != value)
        for name in changed:
            setattr(tag, name, getattr(new, name))
        if changed:
            tag.save(update_fields=changed)
            do_record_facts([_about(tag, "tag.changed", at, user_id, {"fields": changed})])
    return bool(changed)


@transaction.atomic
def do_retire_tag(tag_id: int, *, at: datetime, user_id: int | None) -> bool:
    """Nobody is given this tag any more and it counts nowhere; False where that was so before."""
    tag = Tag.objects.select_for_update().get(pk=tag_id)
    if tag.retired_at is not None:
        return False
    tag.retired_at = at
    tag.save(update_fields=["retired_at"])
    do_record_facts([_about(tag, "tag.retired", at, user_id, {})])
    return True


@transaction.atomic
def do_tag_people(tag_id: int, person_ids: Collection[int], *, how: str, at: datetime, user_id: int | None) -> Given:
    """These people bear the tag from now on, as long as it says. Who bears it already keeps it as it was given.

    Raises ``BadUse`` where the tag is retired or over, ``ValueError`` for a ``how`` that there is not.
    """
    if how not in HOW:
        raise ValueError(f"no way to give a tag: {how!r}")
    tag = Tag.objects.select_for_update().get(pk=tag_id)
    expires_at = _expiry(tag, at)
    if tag.retired_at is not None or (expires_at is not None and expires_at <= at):
        raise BadUse(mark("标签「%(name)s」已经停用或过期，不能再打"), name=tag.name)
    wanted = set(person_ids)
    held = _as_now(Tagging.objects.filter(tag=tag_id, taken_at=None)).filter(who__in=rows.among(wanted))
    held.filter(expires_at__lte=at).update(taken_at=F("expires_at"))
    known = set(held.values_list("who", flat=True))
    new = sorted(wanted - known)
    if not new:
        return Given("", 0, len(known))
    batch = secrets.token_hex(8)
    rows.insert(Tagging, _COLUMNS, [(tag_id, one, how, batch, user_id, at, expires_at) for one in new])
    do_record_facts([_of_people(tag, "people.tagged", at, user_id, batch, new, {"how": how})])
    return Given(batch, len(new), len(known))


@transaction.atomic
def do_untag_people(tag_id: int, person_ids: Collection[int], *, at: datetime, user_id: int | None) -> int:
    """These people bear the tag no more; answers how many did."""
    return do_take_tag(tag_id, person_ids, at=at, user_id=user_id).people


@transaction.atomic
def do_take_tag(tag_id: int, person_ids: Collection[int], *, at: datetime, user_id: int | None) -> Taken:
    """The same, with the batch to undo it by ("" where nobody bore it)."""
    held = bearing(at).filter(tag=tag_id, who__in=rows.among(person_ids))
    return _do_take(Tag.objects.get(pk=tag_id), held, at, user_id)


@transaction.atomic
def do_give_back(batch: str, *, at: datetime, user_id: int | None) -> int:
    """Whoever lost a tag in that go bears it again, as long as was said when it was given; answers how many.

    Whose time is over meanwhile, or who was given it anew, stays as they are; of a retired tag, everybody.
    """
    lost = Tagging.objects.filter(taken_in=batch, tag__retired_at=None).exclude(taken_in="")
    lost = lost.filter(Q(expires_at=None) | Q(expires_at__gt=at)).select_related("tag")
    again = Tagging.objects.filter(tag=OuterRef("tag"), person_id=OuterRef("person_id"), taken_at=None)
    found = list(lost.exclude(Exists(again)))
    if not found:
        return 0
    Tagging.objects.filter(pk__in=rows.among([one.pk for one in found])).update(
        taken_at=None, taken_by=None, taken_in=""
    )
    people = sorted(one.person_id for one in found)
    do_record_facts(
        [_of_people(found[0].tag, "people.tagged", at, user_id, secrets.token_hex(8), people, {"how": "undo"})]
    )
    return len(found)


@transaction.atomic
def do_untag_batch(batch: str, *, at: datetime, user_id: int | None) -> int:
    """Takes back what was given in one go, where it still holds; answers of how many."""
    first = Tagging.objects.filter(batch=batch).select_related("tag").first()
    return _do_take(first.tag, bearing(at).filter(batch=batch), at, user_id).people if first else 0


def _do_take(tag: Tag, held: QuerySet[Tagging], at: datetime, user_id: int | None) -> Taken:
    people = sorted(held.values_list("person_id", flat=True))
    if not people:
        return Taken("", 0)
    batch = secrets.token_hex(8)
    held.update(taken_at=at, taken_by=user_id, taken_in=batch)
    do_record_facts([_of_people(tag, "people.untagged", at, user_id, batch, people, {})])
    return Taken(batch, len(people))


def bearing(at: datetime) -> QuerySet[Any]:
    """Taggings that hold at that moment; ``who`` bears them."""
    held = Tagging.objects.filter(Q(expires_at=None) | Q(expires_at__gt=at), taken_at=None, given_at__lte=at)
    return _as_now(held)


def _as_now(held: QuerySet[Tagging]) -> QuerySet[Any]:
    return held.annotate(who=whoever("person_id"))


def _fit(new: NewTag) -> NewTag:
    name, purpose = " ".join(new.name.split()), new.purpose.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise BadUse(mark("标签要有名字，最多 %(most)d 个字"), most=LONGEST_NAME)
    if len(purpose) > LONGEST_PURPOSE:
        raise BadUse(mark("用途太长了，最多 %(most)d 个字"), most=LONGEST_PURPOSE)
    if new.days is not None and not 0 < new.days <= MOST_DAYS:
        raise BadUse(mark("保留天数写 1 到 %(most)d，不写就一直有效"), most=MOST_DAYS)
    return NewTag(name=name, purpose=purpose, owner_id=new.owner_id, days=new.days, ends_on=new.ends_on)


def _check_free(community_id: int | None, name: str, but: int) -> None:
    if Tag.objects.filter(community=community_id, name=name, retired_at=None).exclude(pk=but).exists():
        raise BadUse(mark("已经有一个叫「%(name)s」的标签"), name=name)


def _expiry(tag: Tag, at: datetime) -> datetime | None:
    """Whichever comes first: so many days from now, or the end of the tag's last day on its community's clocks."""
    ends = [at + timedelta(days=tag.days)] if tag.days is not None else []
    if tag.ends_on is not None:
        zones = list_community_zones([] if tag.community_id is None else [tag.community_id])
        zone = ZoneInfo(next(iter(zones.values()), settings.TIME_ZONE))
        ends.append(datetime.combine(tag.ends_on + timedelta(days=1), time(), zone).astimezone(UTC))
    return min(ends, default=None)


def _about(tag: Tag, name: str, at: datetime, user_id: int | None, words: Mapping[str, object]) -> Fact:
    return Fact(
        name=name,
        at=at,
        community_id=tag.community_id,
        key=f"{name}:{tag.pk}:{at.isoformat()}",
        actor=_actor(user_id),
        words={"tag": tag.pk, "name": tag.name, **words},
    )


def _actor(user_id: int | None) -> str:
    return "system" if user_id is None else f"user:{user_id}"


def _of_people(
    tag: Tag,
    name: str,
    at: datetime,
    user_id: int | None,
    batch: str,
    people: Sequence[int],
    words: Mapping[str, object],
) -> Fact:
    """One fact for all that was done in one go; where it was one person, it is about them."""
    return Fact(
        name=name,
        at=at,
        community_id=tag.community_id,
        key=f"{name}:{batch}",
        actor=_actor(user_id),
        identity_id=people[0] if len(people) == 1 else None,
        words={"tag": tag.pk, "name": tag.name, "people": len(people), "batch": batch, **words},
    )


def list_tags(community_ids: Collection[int] | None, now: datetime) -> list[TagLine]:
    """The tags in use of these communities (None: of all) and of every community, by name, with how many bear them."""
    tags = Tag.objects.filter(retired_at=None)
    if community_ids is not None:
        tags = tags.filter(Q(community=None) | Q(community__in=community_ids))
    counts = bearing(now).filter(tag__in=tags).order_by().values("tag_id").annotate(n=Count("who", distinct=True))
    people = dict(counts.values_list("tag_id", "n"))
    return [
        replace(TagLine(*row), people=people.get(row[0], 0)) for row in tags.order_by("name", "id").values_list(*_LINE)
    ]


def find_tag(tag_id: int, now: datetime) -> TagLine | None:
    """That tag where it is in use."""
    tag = Tag.objects.filter(pk=tag_id, retired_at=None).values_list(*_LINE).first()
    return (
        None
        if tag is None
        else replace(
            TagLine(*tag), people=bearing(now).filter(tag=tag_id).aggregate(n=Count("who", distinct=True))["n"]
        )
    )


def find_tag_of_batch(batch: str) -> int | None:
    """The tag that was given in that batch, or taken in it; nothing where there is no such batch."""
    of_batch = Tagging.objects.filter(Q(batch=batch) | Q(taken_in=batch))
    return of_batch.values_list("tag_id", flat=True).first() if batch else None


def count_members_by_tag(community_id: int, now: datetime) -> dict[int, int]:
    """How many of those who sit in groups of a community bear each tag."""
    # the sum keeps the database on the person's own seats: walking the whole community for each would be slower by far
    seats = Membership.objects.annotate(home=F("community_id") + 0).filter(
        identity__person=OuterRef("who"), home=community_id, is_present=True, identity__is_bot=False
    )
    held = bearing(now).filter(Q(tag__community=None) | Q(tag__community=community_id), tag__retired_at=None)
    counts = held.filter(Exists(seats)).order_by().values("tag_id").annotate(n=Count("who", distinct=True))
    return dict(counts.values_list("tag_id", "n"))


def list_people_tagged(tag_ids: Collection[int], community_ids: Collection[int], now: datetime) -> list[int]:
    """The people who bear one of these tags of these communities, or of every community."""
    held = bearing(now).filter(tag__in=tag_ids, tag__retired_at=None)
    held = held.filter(Q(tag__community=None) | Q(tag__community__in=community_ids))
    return sorted(set(held.order_by().values_list("who", flat=True)))


@dataclass(frozen=True, slots=True)
class Borne:
    """A tag somebody bears or bore."""

    tag_id: int
    name: str
    community_id: int | None
    how: str
    given_at: datetime
    by_id: int | None
    expires_at: datetime | None
    taken_at: datetime | None

    def holds(self, now: datetime) -> bool:
        """Whether it is not over."""
        return self.taken_at is None and (self.expires_at is None or self.expires_at > now)


def list_tags_of_person(person_id: int, community_ids: Collection[int] | None) -> list[Borne]:
    """Every tag that person was ever given, of these communities (None: of all) and of every community, newest first."""
    accounts = Identity.objects.filter(person=person_id).values("pk")
    held = Tagging.objects.filter(person_id__in=accounts, tag__retired_at=None)
    if community_ids is not None:
        held = held.filter(Q(tag__community=None) | Q(tag__community__in=community_ids))
    columns = ("tag_id", "tag__name", "tag__community_id", "how", "given_at", "by_id", "expires_at", "taken_at")
    return [Borne(*row) for row in held.order_by("-given_at", "-pk").values_list(*columns)]


def tags_of_people(
    person_ids: Collection[int], community_ids: Collection[int] | None, now: datetime
) -> dict[int, list[tuple[int, str]]]:
    """(tag, name) of the tags that each of these people bears now, by name, in one query."""
    held = bearing(now).filter(who__in=rows.among(person_ids), tag__retired_at=None)
    if community_ids is not None:
        held = held.filter(Q(tag__community=None) | Q(tag__community__in=community_ids))
    found: dict[int, list[tuple[int, str]]] = {}
    for person, tag, name in held.order_by("tag__name").values_list("who", "tag_id", "tag__name").distinct():
        found.setdefault(person, []).append((tag, name))
    return found


def do_forget_tags(community_ids: Collection[int], at_most: int) -> int:
    """Removes up to so many taggings of communities that are being removed, then their tags; answers how many taggings."""
    ids = list(Tagging.objects.filter(tag__community__in=community_ids).values_list("pk", flat=True)[:at_most])
    Tagging.objects.filter(pk__in=rows.among(ids)).delete()
    return len(ids)
