"""Records facts and seals them into one chain per community."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from django.db import transaction

from qunying.journal.models import Fact as FactRow
from qunying.journal.models import PersonalPart, Seal
from qunying.kernel import clock
from qunying.kernel.facts import FACTS, Fact
from qunying.kernel.keys import fitted
from qunying.store import rows

_COLUMNS = [
    "id",
    "key",
    "name",
    "at",
    "community_id",
    "group_id",
    "identity_id",
    "message_key",
    "actor",
    "words",
    "recorded_at",
    "salt",
    "personal_digest",
    "digest",
]
SEAL_AT_ONCE = 1000
NO_DIGEST = "0" * 64


def do_record_facts(facts: Sequence[Fact]) -> int:
    """Writes facts that are not recorded yet (by key); answers how many. Raises ``ValueError`` for an unlisted name."""
    unknown = {fact.name for fact in facts} - FACTS.keys()
    if unknown:
        raise ValueError(f"unlisted fact {sorted(unknown)}: add it to kernel/facts.py")
    return _do_record(facts) if facts else 0


@transaction.atomic(savepoint=False)  # a row and its personal part; within a larger transaction it costs nothing
def _do_record(facts: Sequence[Fact]) -> int:
    fresh = {fitted(fact.key, 255): fact for fact in reversed(facts)}
    for (key,) in rows.select(FactRow, ["key"], ["key"], [(key,) for key in fresh]):
        del fresh[key]
    if not fresh:
        return 0
    new = list(reversed(fresh.items()))
    ids = rows.next_ids(FactRow, len(new))
    rows.insert(FactRow, _COLUMNS, [_row(pk, key, fact) for pk, (key, fact) in zip(ids, new, strict=True)])
    personal = [(pk, dict(fact.personal)) for pk, (_, fact) in zip(ids, new, strict=True) if fact.personal]
    rows.insert(PersonalPart, ["fact_id", "words"], personal)
    return len(new)


def _row(pk: int, key: str, fact: Fact) -> tuple[object, ...]:
    salt = secrets.token_hex(16)
    personal = digest_of_personal(salt, fact.personal)
    said = (
        key,
        fact.name,
        fact.at,
        fact.community_id,
        fact.group_id,
        fact.identity_id,
        fact.message_key,
        fact.actor,
        dict(fact.words),
        clock.now(),
    )
    return (pk, *said, salt, personal, digest_of(salt, said, personal))


def digest_of_personal(salt: str, personal: Mapping[str, object]) -> str:
    """SHA-256 of the personal part with the salt, so that its words cannot be guessed back once it is erased."""
    return hashlib.sha256((salt + _canonical(dict(personal))).encode()).hexdigest() if personal else ""


def digest_of(salt: str, said: Sequence[object], personal_digest: str) -> str:
    """SHA-256 of everything a fact says for ever, and of the digest of its personal part."""
    words = [part.astimezone(UTC).isoformat() if isinstance(part, datetime) else part for part in said]
    return hashlib.sha256((salt + _canonical([*words, personal_digest])).encode()).hexdigest()


def _canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


def do_seal(now: datetime) -> int:
    """Seals what is not sealed yet, community by community; answers how many facts. One sealer at a time is enough."""
    unsealed = FactRow.objects.filter(seal=None).values_list("community_id", flat=True).distinct()
    return sum(_do_seal_community(community_id, now) for community_id in set(unsealed))


@transaction.atomic
def _do_seal_community(community_id: int | None, now: datetime) -> int:
    last = Seal.objects.select_for_update().filter(community_id=community_id).order_by("-number").first()
    facts = list(
        FactRow.objects.filter(community_id=community_id, seal=None)
        .order_by("id")
        .values_list("id", "digest")[:SEAL_AT_ONCE]
    )
    if not facts:
        return 0
    seal = Seal(
        community_id=community_id, number=last.number + 1 if last else 1, sealed_at=now, count=len(facts), digest=""
    )
    seal.digest = seal_digest(last.digest if last else NO_DIGEST, seal, [digest for _, digest in facts])
    seal.save()
    FactRow.objects.filter(pk__in=[pk for pk, _ in facts]).update(seal=seal)
    return len(facts)


def seal_digest(before: str, seal: Seal, digests: Sequence[str]) -> str:
    """The digest of a link: of the link before, of when it was sealed and of its facts, in the order of their ids."""
    said = f"{seal.community_id} {seal.number} {seal.sealed_at.astimezone(UTC).isoformat()}"
    return hashlib.sha256("\n".join([before, said, *digests]).encode()).hexdigest()


def do_forget_facts(community_ids: Sequence[int], at_most: int) -> int:
    """Removes about so many facts of communities that are being removed; answers how many rows.

    From the end of each chain, what is not sealed first, then link by link: what is left is a chain without holes.
    """
    facts = FactRow.objects.filter(community_id__in=community_ids)
    gone = list(facts.filter(seal=None).values_list("pk", flat=True)[:at_most])
    links: list[int] = []
    if not gone:
        links, gone = _last_links(community_ids, at_most)
    PersonalPart.objects.filter(fact__in=rows.among(gone)).delete()
    FactRow.objects.filter(pk__in=rows.among(gone)).delete()
    Seal.objects.filter(pk__in=links).delete()
    return len(gone) + len(links)


def _last_links(community_ids: Sequence[int], at_most: int) -> tuple[list[int], list[int]]:
    """The newest links of these chains, as many as hold that many facts and at least one; and their facts."""
    links: list[int] = []
    count = 0
    newest = Seal.objects.filter(community_id__in=community_ids).order_by("community_id", "-number")
    for pk, facts in newest.values_list("pk", "count")[:at_most]:
        if links and count + facts > at_most:
            break
        links.append(pk)
        count += facts
    return links, list(FactRow.objects.filter(seal__in=links).values_list("pk", flat=True))
