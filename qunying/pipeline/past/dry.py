"""Reads everything and writes nothing: what an import would bring."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from qunying.carriers.files.discovery import read_job
from qunying.carriers.files.records import PastJoin, PastLeave, PastMessage, PastNotice, PersonRef, Record, Skipped
from qunying.pipeline.past.plan import Plan
from qunying.pipeline.past.tally import Tally


def count_only(plan: Plan, timezone: str) -> Tally:
    """The tally of an import into an empty group, by reading alone."""
    tally, people, zone = Tally(), set[str](), ZoneInfo(timezone)
    for reading in plan.readings:
        for record in read_job(reading.job, reading.choices):
            _count(tally, record, people, zone)
    for name, skipped in plan.left_out:
        tally.skip(skipped.reason, name)
    tally.people = len(people)
    return tally


def _count(tally: Tally, record: Record, people: set[str], zone: ZoneInfo) -> None:
    match record:
        case PastMessage() | PastNotice():
            tally.messages += 1
            tally.see(_utc(record.at, zone))
            if isinstance(record, PastMessage) and record.sender:
                people.add(_key(record.sender))
        case PastJoin():
            tally.joins += len(record.people)
            people.update(_key(person) for person in record.people)
        case PastLeave():
            tally.leaves += len(record.people)
        case Skipped():
            tally.skip(record.reason, record.sample)
        case _:
            return


def _key(person: PersonRef) -> str:
    return person.ref or person.name


def _utc(moment: datetime, zone: ZoneInfo) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
