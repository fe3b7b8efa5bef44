"""Everything this folder has tables for; nobody else imports it."""

from __future__ import annotations

from qunying.people.models.carrying import (
    Ladder,
    MemberSignals,
    Shortlist,
    Shortlisted,
    Standing,
)
from qunying.people.models.groupings import (
    LayerOfPerson,
    LayersOfPlace,
    Segment,
    SegmentMember,
    Tag,
    Tagging,
)
from qunying.people.models.identity import (
    Alike,
    Apart,
    Consent,
    Merge,
    Note,
    Trait,
)
from qunying.people.models.seated import (
    Card,
    CardCorrection,
    CardCursor,
    Identity,
    LeaveReason,
    Membership,
    Person,
)

__all__ = [
    "Alike",
    "Apart",
    "Card",
    "CardCorrection",
    "CardCursor",
    "Consent",
    "Identity",
    "Ladder",
    "LayerOfPerson",
    "LayersOfPlace",
    "LeaveReason",
    "MemberSignals",
    "Membership",
    "Merge",
    "Note",
    "Person",
    "Segment",
    "SegmentMember",
    "Shortlist",
    "Shortlisted",
    "Standing",
    "Tag",
    "Tagging",
    "Trait",
]
