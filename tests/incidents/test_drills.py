"""Drills look for incidents with all their filters, and their staff take them."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django import DjangoDbBlocker

from qunying.kernel.errors import BadUse
from qunying.runners.management.commands import drill
from tests.incidents.watchman import WATCHED
from tools.sizes import ROOT

PLAY = ROOT / "qunying" / "capabilities" / "incidents" / "tests" / "quarrel.drill.yaml"


@pytest.fixture(autouse=True)
def _watched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drill, "ROSTER", WATCHED)


def played(path: Path, blocker: DjangoDbBlocker) -> dict[str, Any]:
    """The summary of a play in which the watchman finds what is said."""
    out = io.StringIO()
    with blocker.unblock():
        try:
            call_command("drill", str(path), "--json", stdout=out)
        except SystemExit as ended:
            assert ended.code == 1  # noqa: PT017 - an expectation that is not met is one of the two ways to end
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def changed(folder: Path, *changes: tuple[str, str]) -> Path:
    """The play with these texts in place of others."""
    text = PLAY.read_text("utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    path = folder / "play.yaml"
    path.write_text(text, "utf-8")
    return path


def test_every_expectation_is_met_when_the_quarrel_is_played(django_db_blocker: DjangoDbBlocker) -> None:
    summary = played(PLAY, django_db_blocker)
    assert [one for one in summary["expectations"] if not one["met"]] == []
    (incident,) = summary["incidents"]
    assert incident["kind"] == "quarrel"
    assert incident["at"] == "2024-03-05T06:01:00+00:00"
    assert (incident["group"], incident["members"], incident["state"]) == ("g1", ["bo", "an"], "open")


WRONG = [
    "{incident: quarrel, count: 2}",
    "{incident: quarrel, at_least: 2}",
    "{incident: quarrel, at_most: 0}",
    "{incident: quarrel, of: 1}",
    "{incident: quarrel, of: 1, within: 30s}",
    "{incident: quarrel, of: 3, within: 1h}",
    "{incident: quarrel, member: chen}",
    "{incident: quarrel, group: g2}",
    "{incident: competitor_wave}",
    "{task: private_talk, member: an, assigned: li}",
    "{task: private_talk, of: 3}",
]


def test_no_expectation_is_met_when_it_asks_for_something_else(
    tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    text = PLAY.read_text("utf-8")
    path = tmp_path / "play.yaml"
    path.write_text(text[: text.index("expect:")] + "expect:\n" + "".join(f"  - {one}\n" for one in WRONG), "utf-8")
    summary = played(path, django_db_blocker)
    assert [one["expect"] for one in summary["expectations"] if one["met"]] == []
    assert all(one["why"] for one in summary["expectations"])


def test_the_latest_of_any_kind_is_taken_when_none_is_named(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> None:
    path = changed(tmp_path, ("do: accept, what: {kind: quarrel}", "do: accept"))
    assert played(path, django_db_blocker)["passed"]


def test_staff_do_not_take_what_another_is_about_when_a_member_is_named(
    tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    path = changed(tmp_path, ("what: {kind: quarrel}", "what: {kind: quarrel, member: chen}"))
    with pytest.raises(BadUse, match=r"line 21: nothing open of kind 'quarrel' to accept"):
        played(path, django_db_blocker)


def test_a_play_without_the_capability_does_not_know_incidents(
    monkeypatch: pytest.MonkeyPatch, django_db_blocker: DjangoDbBlocker, tmp_path: Path
) -> None:
    monkeypatch.setattr(drill, "ROSTER", tuple(one for one in WATCHED if one.name != "incidents"))
    path = changed(tmp_path, ("acts: [incidents, watchman]", "acts: [watchman]"))
    with pytest.raises(BadUse, match="staff cannot 'accept'"):
        played(path, django_db_blocker)
    path = changed(
        tmp_path,
        ("acts: [incidents, watchman]", "acts: [watchman]"),
        ("  - {after: 1m, staff: wang, do: accept, what: {kind: quarrel}}\n", ""),
    )
    with pytest.raises(BadUse, match=r"line 24: .* has no 'incident'"):
        played(path, django_db_blocker)


def test_no_incident_is_opened_when_incidents_do_not_act(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> None:
    text = PLAY.read_text("utf-8").replace("acts: [incidents, watchman]", "acts: [watchman]")
    kept = [line for line in text.splitlines() if "staff: wang" not in line]
    head = kept[: kept.index("expect:")]
    path = tmp_path / "play.yaml"
    path.write_text("\n".join([*head, "expect:", "  - {effect: OpenIncident, at_least: 2}"]), "utf-8")
    summary = played(path, django_db_blocker)
    assert summary["passed"]
    assert summary["incidents"] == summary["tasks"] == []
