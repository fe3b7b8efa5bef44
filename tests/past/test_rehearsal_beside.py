"""Read in a process beside, the past is the same, and so is what comes of it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from qunying.carriers.sandbox.pictures import do_put_up_shelf
from qunying.kernel.beside import send_parcel
from qunying.pipeline.rehearsal.beside import Wanted, read_parcels, tell_parcels
from qunying.pipeline.rehearsal.past import list_said
from qunying.pipeline.rehearsal.rule import Rule, scenes_for
from tests import cast, pictures
from tests.bench.make_chatlab import Size, write_chatlab
from tests.past.test_rehearsal import NOW, ORDER, TALK, happen

BOTH = """
import json, sys
import django
django.setup()
from pathlib import Path
from datetime import timedelta
from qunying.communities.queries import infos_of_groups
from qunying.insights.asking import find_groups
from qunying.pipeline.rehearsal import play
from qunying.pipeline.rehearsal.rule import read_rule_file
from qunying.pipeline.roster import ROSTER
from qunying.talk.queries import span_of_talk
groups = list(infos_of_groups([one.id for one in find_groups("茶")]).values())
rule = read_rule_file(Path(sys.argv[1]), ROSTER)
first, last = span_of_talk([group.id for group in groups])
for play.MANY in (sys.maxsize, 1):
    found = play.rehearse(rule, groups, first, last + timedelta(seconds=1))
    print(json.dumps(found.to_words(), ensure_ascii=False))
"""


@pytest.fixture
def wanted(db: None) -> Wanted:
    with cast.clock_stands(NOW):
        tea = cast.build_tea()
    happen(TALK)
    day = timedelta(days=1)
    return Wanted("order", {"words": ("代购",)}, [tea.first], NOW - day, NOW + day)


def sent(wanted: Wanted, parts: int | None = None) -> io.BytesIO:
    stream = io.BytesIO()
    for packed in list(tell_parcels(wanted))[:parts]:
        send_parcel(stream, packed)
    stream.seek(0)
    return stream


def test_what_comes_through_the_pipe_is_what_was_said(wanted: Wanted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qunying.pipeline.rehearsal.beside.TOGETHER", 5)
    scenes = scenes_for(Rule(ORDER, "", wanted.settings), wanted.group_ids)
    ahead: list[dict[Any, Any]] = []
    told = list(read_parcels(sent(wanted), ahead.append))
    assert told == list(list_said(scenes, wanted.since, wanted.until))
    assert len(ahead) == -(-len(TALK) // 5)
    hits = {text for part in ahead for (_, text), seen in part.items() if seen.hits}
    assert hits == {text for _, _, text in TALK if "代购" in text}


def test_what_was_seen_in_pictures_comes_through_too(wanted: Wanted, tmp_path: Path) -> None:
    (tmp_path / "poster.png").write_bytes(pictures.poster())
    do_put_up_shelf(tmp_path)
    poster = {"kind": "image", "name": "poster.png", "url": "poster.png"}
    with cast.clock_stands(NOW):
        cast.arrive([cast.message("p1", "an", "看看", kind="image", media=[poster])])
        cast.passed(NOW, NOW + timedelta(minutes=1))
    scenes = scenes_for(Rule(ORDER, "", wanted.settings), wanted.group_ids)
    told = list(read_parcels(sent(wanted), lambda ahead: None))
    assert told == list(list_said(scenes, wanted.since, wanted.until))
    assert [one.looked.words["codes"] for one in told if one.looked] == [[[pictures.GROUP, "group"]]]


def test_a_process_that_goes_away_in_the_middle_is_told(wanted: Wanted) -> None:
    with pytest.raises(OSError, match="has gone"):
        list(read_parcels(sent(wanted, 1), lambda ahead: None))


def test_with_a_process_beside_a_rule_comes_to_the_same(tmp_path: Path) -> None:
    environment = {**os.environ, "QUNYING_HOME": str(tmp_path / "home"), "DATABASE_URL": ""}
    environment["DJANGO_SETTINGS_MODULE"] = "qunying.project.settings"

    def python(*arguments: str) -> str:
        done = subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, text=True, check=True)
        return done.stdout

    write_chatlab(tmp_path / "talk.jsonl", Size(messages=3_000, people=60))
    python("-m", "qunying", "import", str(tmp_path / "talk.jsonl"), "--group", "茶", "--json")
    (tmp_path / "rule.yaml").write_text("ladder: links-twice\nwords: [茶, '拼音：报名']\ndo: step\n", "utf-8")
    alone, beside = map(json.loads, python("-c", BOTH, str(tmp_path / "rule.yaml")).splitlines())
    assert alone == beside
    assert alone["hits"] > 10
    assert datetime.fromisoformat(alone["samples"][0]["at"]).year == 2023
