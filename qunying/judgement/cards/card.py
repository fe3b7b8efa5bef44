"""What a group card says, field by field, and where it says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from qunying.judgement.views import Span

FIELDS = ("city", "industry", "company", "job", "name", "group_no")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why a field has its value: the part of the card as written, the manner of finding, what it is filed under.

    ``means`` is the heading under which a search should find it («产品» for «PM» and «产品经理»); the value itself where
    there is no heading.
    """

    span: Span
    kind: str
    means: str


@dataclass(frozen=True, slots=True)
class Card:
    """The fields of one group card; what it does not say is None.

    ``city`` is the usual Chinese name of the place however it was written («SH», «沪», «上海浦东» → «上海»), a province or
    country where no city is named; ``industry company job name`` are the letters of the card. ``confidence`` holds, for
    each field that is present, how often such a finding is right (0 to 1).
    """

    city: str | None = None
    industry: str | None = None
    company: str | None = None
    job: str | None = None
    name: str | None = None
    group_no: int | None = None
    confidence: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    evidence: Mapping[str, Evidence] = field(default_factory=lambda: MappingProxyType({}))
