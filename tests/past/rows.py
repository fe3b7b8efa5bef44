"""What imports left in a group, without ids and moments of writing: two ways of reading the same files must leave the same."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from qunying.communities.models import Group
from qunying.journal.models import Fact
from qunying.people.models import Identity, Membership
from qunying.talk.models import Message, Revision
from qunying.talk.search import TALK_INDEX

Rows = list[tuple[Any, ...]]


def left_in(name: str) -> dict[str, dict[str, Rows]]:
    """Chat's own name ("" for the group itself) → table → rows in an order of their own."""
    groups = Group.objects.filter(carrier_name=name) | Group.objects.filter(carrier_name__startswith=f"{name} / ")
    return {group.carrier_name.removeprefix(name): _rows_of(group.pk) for group in groups.order_by("carrier_name")}


def texts_in(name: str) -> list[str]:
    """What was said in a group, in the order of time."""
    return list(Message.objects.filter(group__carrier_name=name).order_by("at", "id").values_list("text", flat=True))


def count_messages() -> int:
    """All messages of all groups."""
    return Message.objects.count()


def find_texts(query: str) -> list[str]:
    """What a search finds, newest first."""
    found = dict(Message.objects.filter(pk__in=(ids := TALK_INDEX.find(query, limit=1000))).values_list("pk", "text"))
    return [found[pk] for pk in ids]


def _rows_of(group: int) -> dict[str, Rows]:
    return {
        "messages": _sorted(_messages(group)),
        "memberships": _sorted(_memberships(group)),
        "facts": _sorted(_facts(group)),
        "revisions": _sorted(
            Revision.objects.filter(message__group=group).values_list("message__source_key", "at", "kind", "before")
        ),
    }


def _messages(group: int) -> Iterable[tuple[Any, ...]]:
    rows = Message.objects.filter(group=group).values_list(
        "mentions",
        "sender_id",
        "source_key",
        "at",
        "kind",
        "text",
        "reply_to",
        "quote",
        "media",
        "edited_at",
        "recalled_at",
    )
    names = _names(group)
    return [(tuple(names[pk] for pk in mentions), names.get(sender), *rest) for mentions, sender, *rest in rows]


def _memberships(group: int) -> Iterable[tuple[Any, ...]]:
    names = _names(group)
    rows = Membership.objects.filter(group=group).values_list(
        "identity_id", "inviter_id", "identity__name", "identity__is_bot", "card", "role", "is_present", "joined_at",
        "left_at", "via", "messages", "first_spoke_at", "last_spoke_at",
    )  # fmt: skip
    return [(names[who], names.get(inviter), *rest) for who, inviter, *rest in rows]


def _facts(group: int) -> Iterable[tuple[Any, ...]]:
    names = _names(group)
    rows = Fact.objects.filter(group_id=group, name__startswith="member.").values_list(
        "identity_id", "words", "key", "name", "at"
    )
    for who, words, key, *rest in rows:
        said = {
            name: names.get(value, value) if name in {"inviter", "operator"} else value for name, value in words.items()
        }
        yield (names[who or 0], repr(sorted(said.items())), key.replace(f":{group}:", ":", 1), *rest)


def _names(group: int) -> dict[int, str]:
    """Identity → carrier and reference; who has only a name is called by the group's id and that name."""
    rows = Identity.objects.values_list("pk", "carrier", "ref")
    return {pk: f"{carrier}:{ref.removeprefix(f'{group}:')}" for pk, carrier, ref in rows}


def _sorted(rows: Iterable[tuple[Any, ...]]) -> Rows:
    return sorted(rows, key=repr)
