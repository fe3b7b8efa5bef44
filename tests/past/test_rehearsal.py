"""A rule rehearsed over the real past does what it would have done live, and changes nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db.models import Model

from qunying.capabilities.order.models import OrderTrace, StepTaken
from qunying.carriers.sandbox.pictures import do_put_up_shelf
from qunying.communities.actions import do_set_settings
from qunying.communities.queries import infos_of_groups
from qunying.desk.models import Case
from qunying.journal.models import Fact
from qunying.kernel.errors import BadUse
from qunying.outbox.models import OutboxItem
from qunying.pipeline.models import Rehearsal
from qunying.pipeline.rehearsal import asked
from qunying.pipeline.rehearsal.play import Rehearsed, rehearse
from qunying.pipeline.rehearsal.rule import Rule, read_rule_file
from qunying.pipeline.roster import ROSTER
from qunying.talk.models import Message, MessageReading
from qunying.talk.past import list_past_lines
from tests import cast, pictures

pytestmark = pytest.mark.django_db
NOW = cast.TUESDAY
AD = "兼职日结三百，加V hu_1990 详聊"
ORDER = next(one for one in ROSTER if one.name == "order")
WRITTEN: tuple[type[Model], ...] = (OrderTrace, StepTaken, OutboxItem, Case, Fact, Message, MessageReading)
TALK: tuple[tuple[float, str, str], ...] = (
    (0, "an", "早上好呀"),
    (60, "zhao", AD),
    (90, "zhao", AD + " 急"),
    (3_600, "zhao", AD),
    (3_700, "bo", "今晚几点开课"),
    (7_200, "zhao", AD + " 速来"),
    (7_300, "an", "有人在群里发广告，加V hu_1990 那个，管理看一下"),
    (10_800, "zhao", AD),
    (10_900, "zhao", "怎么都没人理我"),
    *((11_000 + n, "qian", "拼多多帮我砍一刀吧各位") for n in range(6)),
    (12_000, "li", "官方资料加微信 wx_tea_official"),
    (12_100, "bo", "就是这个：加微信 wx_tea_official"),
    (14_000, "sun", "专业代购，私聊"),
    (14_600, "bo", "上次代购的茶到了吗"),
)


@pytest.fixture
def tea() -> cast.Tea:
    with cast.clock_stands(NOW):
        return cast.build_tea()


def happen(talk: Sequence[tuple[float, str, str]], group: str = "g1") -> None:
    """All of it, told and delivered at its time."""
    for number, (seconds, sender, text) in enumerate(talk):
        at = NOW + timedelta(seconds=seconds)
        with cast.clock_stands(at):
            cast.arrive([cast.message(f"{group}m{number}", sender, text)], group)
            cast.passed(at, at + timedelta(seconds=8))


def tried(tea: cast.Tea, groups: Sequence[int] = (), **settings: Any) -> Rehearsed:
    """What such settings would have done since the beginning."""
    known = list(infos_of_groups(groups or [tea.first]).values())
    return rehearse(Rule(ORDER, "", settings), known, NOW - timedelta(days=1), NOW + timedelta(days=1))


def counted() -> list[int]:
    return [model._default_manager.count() for model in WRITTEN]


def acted_live() -> set[str]:
    causes = OutboxItem.objects.filter(capability="order").values_list("cause_key", flat=True)
    return {cause.split(":")[-1].split("/")[-1] for cause in causes}


def test_it_does_what_was_done_live_and_writes_nothing(tea: cast.Tea) -> None:
    do_set_settings("order", {"words": ["代购"], "words_do": "ask"}, community_id=tea.community_id, at=NOW, actor="t")
    happen(TALK)
    before = counted()
    found = tried(tea)
    keys = dict(Message.objects.values_list("pk", "source_key"))
    rehearsed = {keys[one] for one in found.tally.hit_ids}
    assert {one.split("m")[-1] for one in acted_live()} == {key.split("m")[-1] for key in rehearsed}
    assert len(rehearsed) >= 7
    assert counted() == before
    steps = [hit.params["step"] for hit in found.tally.to_samples() if hit.rule == "promotion" and "step" in hit.params]
    assert steps == list(StepTaken.objects.filter(rule="promotion").order_by("at").values_list("step", flat=True))


def test_what_is_tried_stands_in_place_of_what_is_in_force(tea: cast.Tea) -> None:
    happen([(0, "an", "代购到了吗"), (60, "bo", "一起拼单代购吧")])
    assert tried(tea).tally.hit_ids == set()
    found = tried(tea, words=("代购",), words_do="delete")
    assert len(found.tally.hit_ids) == 2
    assert [one["rule"] for one in found.tally.to_rules()] == ["words"]
    assert found.tally.to_rules()[0]["words"] == {"代购": 2}


def test_whoever_would_have_been_removed_says_nothing_more(tea: cast.Tea) -> None:
    happen([(n * 600, "bo", f"代购 {n}") for n in range(5)])
    found = tried(tea, words=("代购",), words_do="remove")
    assert (len(found.tally.hit_ids), found.tally.silenced, len(found.tally.people)) == (1, 4, 1)


def test_hits_on_those_who_have_long_talked_are_probable_mistakes(tea: cast.Tea) -> None:
    happen(
        [(n * 30, "an", f"今天第{n}杯茶") for n in range(55)]
        + [(4_000, "an", "上次的代购茶真好"), (4_100, "new", "代购")]
    )
    found = tried(tea, words=("代购",), words_do="delete")
    assert [(hit.name, hit.doubts) for hit in found.tally.probable_mistakes] == [("安安", ("trusted",))]


def test_it_agrees_or_not_with_what_people_decided(tea: cast.Tea) -> None:
    do_set_settings("order", {"words": ["代购"], "words_do": "ask"}, community_id=tea.community_id, at=NOW, actor="t")
    happen([(0, "an", "专业代购"), (600, "bo", "代购的茶到了"), (1_200, "bo", "代购问题怎么退")])
    people = User.objects.create_user("li")
    for case, state in zip(Case.objects.order_by("pk"), ("approved", "dismissed", "dismissed"), strict=True):
        Case.objects.filter(pk=case.pk).update(state=state, closed_by=people, closed_at=NOW)
    agreed = tried(tea, words=("专业代购",), words_do="delete").agreement
    assert (agreed.decisions, agreed.acted, agreed.left_alone, agreed.too_hard) == (3, 1, 2, 0)
    agreed = tried(tea, words=("代购",), words_do="delete").agreement
    assert (agreed.acted, agreed.left_alone, agreed.too_hard) == (1, 0, 2)


def test_what_nobody_has_read_is_read_anew(tea: cast.Tea) -> None:
    happen([(0, "zhao", AD)])
    MessageReading.objects.all().delete()
    found = tried(tea)
    assert (len(found.tally.hit_ids), found.read_anew) == (1, 1)
    assert MessageReading.objects.count() == 0


def test_a_wave_is_seen_across_groups_and_newcomers_are_new(tea: cast.Tea) -> None:
    for number in range(4):
        at = NOW + timedelta(seconds=number)
        with cast.clock_stands(at):
            cast.arrive([cast.join(f"j{number}", f"x{number}", f"资料助理{number}")], "g1")
            cast.passed(at, at + timedelta(seconds=1))
    happen([(60 + n * 10, f"x{n}", f"领资料加V zl_666888 第{n}批") for n in range(4)])
    found = tried(tea)
    assert len(found.tally.people) >= 3
    assert found.tally.incidents >= 1


def test_pictures_are_not_looked_at_and_that_is_said(tea: cast.Tea) -> None:
    with cast.clock_stands(NOW):
        picture = {"kind": "image", "name": "a.png", "url": "a.png"}
        cast.arrive([cast.message("p1", "an", "", kind="image", media=[picture])])
        cast.worked(NOW)
    found = tried(tea)
    assert (found.tally.pictures, found.tally.hit_ids) == (1, set())


def test_what_was_seen_in_pictures_when_they_were_looked_at_is_told_as_it_was_live(
    tea: cast.Tea, tmp_path: Path
) -> None:
    (tmp_path / "poster.png").write_bytes(pictures.poster())
    do_put_up_shelf(tmp_path)
    poster = {"kind": "image", "name": "poster.png", "url": "poster.png"}
    with cast.clock_stands(NOW):
        cast.arrive([cast.join("j1", "chen")])
        cast.arrive([cast.message("p1", "chen", "看看", kind="image", media=[poster])])
        cast.passed(NOW, NOW + timedelta(minutes=1))
    live = set(OutboxItem.objects.exclude(kind="Say").values_list("kind", flat=True))
    shown = Message.objects.get(source_key="p1")
    found = tried(tea)
    assert (found.tally.pictures, found.tally.hit_ids) == (0, {shown.pk})
    (rule,) = found.to_words()["by_rule"]
    assert set(rule["effects"]) - {"Say"} == live


def test_past_lines_are_told_once_however_many_share_a_moment(tea: cast.Tea, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qunying.talk.past.AT_ONCE", 3)
    happen([(0, "an", f"第{n}句") for n in range(10)])
    lines = [line.text for part in list_past_lines(tea.first, NOW, NOW + timedelta(days=1)) for line, _ in part]
    assert lines == [f"第{n}句" for n in range(10)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "rule.yaml"


def run(*arguments: str) -> dict[str, Any]:
    out = StringIO()
    call_command("rehearse", *arguments, "--json", stdout=out)
    return dict(json.loads(out.getvalue()))


def test_the_command_tells_hits_people_rules_samples_and_mistakes(tea: cast.Tea, file: Path) -> None:
    happen(TALK)
    (file.parent / "words.csv").write_text("word,way\n代购,pinyin\n", "utf-8")
    file.write_text("title: 试\nladder: [warn+delete, remove]\nlist: words.csv\ndo: delete\nact_from: 90\n", "utf-8")
    told = run(str(file), "--group", "茶友会1群", "--days", "3")
    assert told["events"] == len(TALK)
    assert {"hits", "people_touched", "by_rule", "samples", "probable_mistakes"} <= told.keys()
    assert {one["rule"] for one in told["by_rule"]} >= {"promotion", "words"}
    assert all({"message", "text", "effects", "reason"} <= one.keys() for one in told["samples"])


def test_a_rule_may_hold_a_long_list(tea: cast.Tea, file: Path) -> None:
    happen([(0, "an", "第七百个词是 词条六百九十九号 吗")])
    words = [f"词条{number}号" for number in range(2_000)]
    (file.parent / "words.csv").write_text("\n".join(["word", *words, "词条六百九十九号"]), "utf-8")
    file.write_text("list: words.csv\ndo: delete\n", "utf-8")
    assert run(str(file), "--group", "茶友会1群")["hits"] == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("ladder: nonsense\n", "nonsense"),
        ("act_from: 7\n", "act_from"),
        ("color: red\n", "color"),
        ("words: ['正则：(']\n", "words"),
        ("ladder: [warn, '', remove]\n", "2"),
        ("list: nowhere.csv\n", "nowhere.csv"),
        ("capability: nobody\n", "nobody"),
        ("- a\n- b\n", "mapping"),
    ],
)
def test_a_rule_that_cannot_be_read_is_refused_with_its_file_and_reason(
    tea: cast.Tea, file: Path, words: str, says: str
) -> None:
    file.write_text(words, "utf-8")
    with pytest.raises(BadUse) as refused:
        read_rule_file(file, ROSTER)
    assert file.name in str(refused.value)
    assert says in str(refused.value)


def test_nobody_is_rehearsed_with_in_a_group_that_is_unknown(tea: cast.Tea, file: Path) -> None:
    file.write_text("ladder: gentle\n", "utf-8")
    for arguments in (["--group", "不在的群"], []):
        with pytest.raises(BadUse):
            run(str(file), *arguments)


def ask(tea: cast.Tea, **settings: Any) -> Rehearsal:
    user = User.objects.get_or_create(username="li")[0]
    made = asked.do_ask_rehearsal(
        tea.community_id, [tea.first], 30, capability="order", title="试", settings=settings, user_id=user.pk, at=NOW
    )
    return Rehearsal.objects.get(pk=made)


def test_what_is_asked_for_on_a_page_is_played_and_kept_without_words(tea: cast.Tea) -> None:
    happen(TALK)
    one = ask(tea, words=["代购"], words_do="delete")
    with cast.clock_stands(NOW):
        assert asked.step(NOW) == 1
        assert asked.step(NOW) == 0
    one.refresh_from_db()
    assert (one.state, one.done, one.total) == ("done", len(TALK), len(TALK))
    assert one.result["hits"] >= 6
    assert "hu_1990" not in json.dumps(one.result, ensure_ascii=False)
    assert "zhao" not in json.dumps(one.result["samples"], ensure_ascii=False)


def test_a_rehearsal_is_dropped_even_while_it_is_played(tea: cast.Tea, monkeypatch: pytest.MonkeyPatch) -> None:
    happen(TALK)
    waiting = ask(tea)
    assert asked.do_drop_rehearsal(waiting.pk, NOW)
    assert asked.step(NOW) == 0
    running = ask(tea)
    told = asked._watch

    def watch(rehearsal_id: int) -> Any:
        asked.do_drop_rehearsal(rehearsal_id, NOW)
        return told(rehearsal_id)

    monkeypatch.setattr(asked, "_watch", watch)
    asked.step(NOW)
    running.refresh_from_db()
    assert (running.state, running.result) == ("dropped", {})


def test_one_that_was_begun_and_not_ended_is_begun_anew(tea: cast.Tea) -> None:
    happen([(0, "an", "早")])
    one = ask(tea)
    Rehearsal.objects.filter(pk=one.pk).update(state="running", leased_until=NOW + timedelta(minutes=5))
    assert asked.step(NOW) == 0
    assert asked.step(NOW + timedelta(minutes=6)) == 1
    one.refresh_from_db()
    assert one.state == "done"


def test_one_that_fails_says_so_and_stops_nothing_else(tea: cast.Tea) -> None:
    happen([(0, "an", "早")])
    bad, good = ask(tea, nonsense=1), ask(tea)
    assert [asked.step(NOW), asked.step(NOW)] == [1, 1]
    assert list(Rehearsal.objects.order_by("pk").values_list("state", flat=True)) == ["failed", "done"]
    assert (bad.pk, good.pk) == tuple(Rehearsal.objects.order_by("pk").values_list("pk", flat=True))


def test_only_so_many_wait_and_something_must_be_rehearsed(tea: cast.Tea) -> None:
    for _ in range(asked.MOST_WAITING):
        ask(tea)
    with pytest.raises(BadUse):
        ask(tea)
