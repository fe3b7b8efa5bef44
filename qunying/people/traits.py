"""What two accounts of one human being would share, read from cards, and how likely sharing it means that they are one.

Pure. A name alone says nothing: there are thousands of 王伟 and of 小王.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from qunying.judgement.cards.same import is_listed, same_job
from qunying.judgement.folding import folded
from qunying.judgement.patterns.contacts import find_contacts

SHARED_BY_AT_MOST = 4  # accounts; what more have shows nothing
LIKELY = 0.7  # from here on somebody is asked
REMEMBERED = 20_000  # cards: many people carry the same one through all their groups
_FULL_NAME = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff·]{2,}")
_BY_TITLE = re.compile(
    r"[\u3400-\u9fff]{1,2}(?:先生|女士|小姐|总|老师|同学|经理|哥|姐|姨|叔|工|导|老板|博士|医生|律师|教授)|[小阿老大]."
)
_REACHED = re.compile(r"\d{3}|@")


@dataclass(frozen=True, slots=True)
class Trait:
    """One thing that is written the same way however people write it. See the table of this name."""

    kind: str
    value: str
    beside: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A card as its owner wrote it, and its fields as they were read or corrected."""

    text: str
    city: str
    company: str
    job: str
    name: str


@lru_cache(maxsize=REMEMBERED)
def traits_of(card: Told) -> tuple[Trait, ...]:
    """What of a card may show whose it is: phones, addresses of mail, and employer, job and name together."""
    return (*_reached(card), *_told(card))


def _reached(card: Told) -> Iterator[Trait]:
    said = " ".join(dict.fromkeys((card.text, card.name, card.company, card.job)))
    if not _REACHED.search(folded(said)):
        return
    for contact in find_contacts(said):
        if contact.kind in {"phone", "email"} and (value := plain(contact.kind, contact.handle)):
            yield Trait(contact.kind, value, folded(card.name).strip()[:200])


def _told(card: Told) -> Iterator[Trait]:
    company, job, name = (folded(part).strip() for part in (card.company, card.job, card.name))
    if company and job and name and not name.isdigit():
        job = min(same_job(job), key=len, default=job)
        yield Trait("card", f"{company}|{job}|{name}"[:300], folded(card.city).strip()[:200])


def plain(kind: str, value: str) -> str:
    """A phone, an address or a union id as everybody writes it; empty where it cannot be one."""
    if kind == "union":  # whose letters differ by case
        return "".join(value.split())[:300]
    value = folded(value).strip()
    match kind:
        case "phone":
            digits = re.sub(r"[\s\-()]", "", value)
            digits = re.sub(r"^(?:\+|00)?86(?=1[3-9]\d{9}$)", "", digits)
            return digits if re.fullmatch(r"\+?\d{7,15}", digits) else ""
        case "email":
            return value if re.fullmatch(r"[^\s@]+@[^\s@]+\.[^\s@]+", value) and len(value) <= 254 else ""
        case _:
            raise ValueError(f"{kind!r} is nothing that somebody vouches for")


def likely(kind: str, value: str, one: Trait, other: Trait, *, sit_together: bool) -> float:
    """How likely two accounts that share this are one human being, 0 to 1. ``sit_together``: both are in one group now."""
    if kind != "card":
        score = _BASE[kind]
        if one.source and other.source:
            score = max(score, 0.95)
        if _differ(one.beside, other.beside):
            score -= 0.2
        return round(score - 0.1 * sit_together, 2)
    if sit_together:
        return 0.3  # a colleague of the same name, or who took over the card
    company, _job, name = value.split("|", 2)
    score = 0.88 if _is_full_name(name) else 0.6  # every second «王总» of one shop and one job is another one
    if is_listed(company):
        score -= 0.1  # so large that two of them may be called so
    if one.beside and other.beside and one.beside != other.beside:
        score -= 0.1
    return round(score, 2)


_BASE: Mapping[str, float] = {"phone": 0.9, "email": 0.9, "union": 0.99}


def _is_full_name(name: str) -> bool:
    return bool(_FULL_NAME.fullmatch(name)) and not _BY_TITLE.fullmatch(name)


def _differ(one: str, other: str) -> bool:
    """Two full names, neither within the other («晓明», «陈晓明»): one phone, but two people who share it."""
    return _is_full_name(one) and _is_full_name(other) and one not in other and other not in one
