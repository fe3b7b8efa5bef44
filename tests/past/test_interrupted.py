"""Killed anywhere and started again, in halves, or several at once: the same as one clean run."""

from __future__ import annotations

import signal
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from qunying.communities.models import Group
from qunying.kernel import clock
from qunying.pipeline.models import ImportRun
from qunying.pipeline.past import run as past_run
from qunying.pipeline.past.lease import Stopped
from tests.past.conftest import Import, data, import_here
from tests.past.exports import came, chatlab, chatlog, said, went, whatsapp, write
from tests.past.processes import SMALL_BATCHES, finish, start
from tests.past.rows import count_messages, left_in

LINES = 300


def lively(first: int = 0, last: int = 240) -> str:
    """A chat with and without ids, people who come, go, come again, speak after they left, and change their names."""
    rows: list[dict[str, object]] = []
    for n in range(first, last):
        rows.append(
            said(n, has_id=n % 3 > 0, accountName="小美（新名）" if n > 150 and n % 4 == 0 else said(n)["accountName"])
        )
        if n % 30 == 7:
            rows.append(came(n, f"新人{n}"))
        if n % 60 == 11:
            rows.append(went(n, f"新人{n - 4}"))
        if n % 60 == 51:
            rows.append(came(n, f"新人{n - 44}"))
    return chatlab(rows)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches as small as those of the processes."""
    monkeypatch.setattr(past_run, "BATCH", SMALL_BATCHES)


def clean(importing: Import, *paths: Path) -> dict[str, Any]:
    """What one run from beginning to end leaves, in a group of its own."""
    importing(*paths, group="净")
    return left_in("净")


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("write_chat", [lively, lambda a=0, b=LINES: whatsapp(b - a, a)], ids=["chatlab", "whatsapp"])
def test_halves_make_the_whole_when_they_overlap(importing: Import, tmp_path: Path, write_chat: Any) -> None:
    suffix = "jsonl" if write_chat is lively else "txt"
    whole = write(tmp_path, f"whole.{suffix}", write_chat(0, 240))
    halves = [write(tmp_path, f"{n}.{suffix}", write_chat(*span)) for n, span in enumerate(((0, 140), (96, 240)))]
    expected = clean(importing, whole)
    for half in halves:
        importing(half, group="乱")
    assert left_in("乱") == expected
    importing(*halves, group="一次")
    assert left_in("一次") == expected


POINTS = (
    ("run:_do_note_plan", 1),
    ("places:do_register_group", 1),
    ("chat:do_know", 2),
    ("chat:do_seat", 1),
    ("chat:do_count_talk", 3),
    ("chat:do_record_facts", 4),
    ("run:_do_save", 2),
    ("run:_do_keep_batch", 4),
    ("run:do_see_who_is_back", 1),
    ("run:_do_end", 1),
)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("moment", "times", "is_lease_over"),
    [*((*point, True) for point in POINTS), *((*point, False) for point in POINTS[3:9:2])],
)
def test_nothing_differs_when_it_is_killed_and_started_again(
    tmp_path: Path, moment: str, times: int, *, is_lease_over: bool
) -> None:
    path = write(tmp_path, "chat.jsonl", lively())
    process = start([path], "乱", kill_at=moment, times=times)
    assert process.wait(300) == -signal.SIGKILL
    if is_lease_over:
        ImportRun.objects.update(leased_until=clock.now() - timedelta(seconds=1))
    words = import_here(path, group="乱")
    assert left_in("乱") == clean(import_here, path)
    assert ImportRun.objects.filter(group_name="乱").count() == (1 if is_lease_over else 2)
    assert not is_lease_over or words["messages"] == count_messages() // 2


@pytest.mark.django_db(transaction=True)
def test_nothing_differs_when_it_is_killed_between_two_chats(tmp_path: Path) -> None:
    rooms = [("1@chatroom", "读书会")] * 3 + [("2@chatroom", "书友")] * 3
    path = write(tmp_path, "all.json", chatlog(rooms))
    assert start([path], "乱", kill_at="places:do_register_group", times=2).wait(300) == -signal.SIGKILL
    ImportRun.objects.update(leased_until=None)
    assert import_here(path, group="乱")["groups"] == {"乱 / 读书会": 3, "乱 / 书友": 3}
    assert left_in("乱") == clean(import_here, path)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("small")
def test_nothing_differs_when_one_file_is_read_twice_at_once(tmp_path: Path) -> None:
    path = write(tmp_path, "chat.jsonl", lively())
    both = [finish(process) for process in [start([path], "乱"), start([path], "乱")]]
    assert left_in("乱") == clean(import_here, path)
    assert sum(words["messages"] for words in both) == count_messages() // 2
    assert Group.objects.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("small")
def test_nothing_differs_when_two_files_of_one_group_are_read_at_once(tmp_path: Path) -> None:
    halves = [write(tmp_path, f"{n}.txt", whatsapp(150, first)) for n, first in enumerate((0, 100))]
    for process in [start([half], "乱") for half in halves]:
        finish(process)
    assert _talk("乱") == _talk_of(clean(import_here, write(tmp_path, "whole.txt", whatsapp(250))))


@pytest.mark.django_db(transaction=True)
def test_nothing_differs_when_two_exports_of_many_chats_are_read_at_once(tmp_path: Path) -> None:
    path = data("native_exports/slack_export")
    for process in [start([path], "乱"), start([path], "乱")]:
        finish(process)
    assert left_in("乱") == clean(import_here, path)
    assert Group.objects.count() == 4


@pytest.mark.usefixtures("small")
def test_a_run_stops_between_two_batches_when_somebody_lets_it_rest(importing: Import, tmp_path: Path) -> None:
    path = write(tmp_path, "chat.jsonl", lively())
    expected = clean(importing, path)
    runs = past_run.do_run

    def rest(run: ImportRun, _: object) -> None:
        if run.position == 3 * SMALL_BATCHES:
            past_run.do_pause_run(run.pk)

    run = ImportRun.objects.get()
    ImportRun.objects.update(state="waiting", position=0, tally={}, group_name="乱", fingerprint="")
    with pytest.raises(Stopped):
        runs(run.pk, rest)
    assert ImportRun.objects.get().state == "paused"
    past_run.do_resume_run(run.pk)
    assert past_run.step(clock.now()) == 1
    assert left_in("乱") == expected


def _talk(group: str) -> dict[str, Any]:
    return _talk_of(left_in(group))


def _talk_of(left: dict[str, Any]) -> dict[str, Any]:
    """Without when people came and went: of halves read at once, the later one may be first (see the guide)."""
    return {
        chat: {**tables, "memberships": [(*row[:6], *row[10:]) for row in tables["memberships"]]}
        for chat, tables in left.items()
    }
