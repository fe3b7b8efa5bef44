"""Pictures are looked at beside the story: once, within bounds, whatever they are, and what they show is told."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from qunying.carriers.base import NoPicture, NotReachable
from qunying.carriers.sandbox import room
from qunying.carriers.sandbox.carrier import SANDBOX
from qunying.carriers.sandbox.pictures import do_put_up_shelf, open_picture
from qunying.communities.actions import do_set_mode
from qunying.intake.actions import do_forget_lanes
from qunying.intake.models import Envelope, Question
from qunying.intake.questions import TRY_WITHIN, do_answer, do_claim_question
from qunying.journal.models import Fact
from qunying.kernel.scene import Mode
from qunying.outbox.models import OutboxItem
from qunying.pipeline import looking
from qunying.pipeline.roster import ROSTER
from tests import cast, pictures

pytestmark = pytest.mark.django_db
NOW = cast.TUESDAY


@pytest.fixture
def tea() -> Iterator[cast.Tea]:
    with cast.clock_stands(NOW):
        yield cast.build_tea()


@pytest.fixture
def shelf(tmp_path: Path, tea: cast.Tea) -> Path:
    """The folder of the sandbox's pictures, with a poster and a photo in it."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    (folder / "poster.png").write_bytes(pictures.poster())
    (folder / "photo.jpg").write_bytes(pictures.photo())
    do_put_up_shelf(folder)
    return folder


def sent(ref: str, sender: str, *names: str, text: str = "") -> dict[str, Any]:
    """Somebody shows these pictures."""
    media = [{"kind": "image", "name": name, "url": name} for name in names]
    return cast.message(ref, sender, text, kind="image", media=media)


def newcomer(*refs: str) -> None:
    cast.arrive([cast.join(f"j-{ref}", ref) for ref in refs])
    cast.told()


def reasons(message_key: str) -> list[str]:
    """What order thought of a message, in the order in which it did."""
    facts = Fact.objects.filter(name="decision.made", message_key=message_key).order_by("pk")
    return [one["reason"] for fact in facts for one in fact.words["opinions"] if one["capability"] == "order"]


def answers() -> list[dict[str, Any]]:
    return list(Envelope.objects.filter(carrier="pictures").order_by("pk").values_list("payload", flat=True))


def test_a_code_is_told_in_the_same_lane_when_a_member_shows_it(shelf: Path) -> None:
    newcomer("chen")
    cast.arrive([sent("m1", "chen", "poster.png", text="看看")])
    cast.told()
    sender = {"ref": "chen", "name": "陈晨"}
    assert answers() == [
        {
            "message": "m1",
            "sender": sender,
            "text": "看看",
            "codes": [[pictures.GROUP, "group"]],
            "looks": [],
            "wrong": [],
        }
    ]
    assert reasons("m1") == ["order.looks_at_picture", "order.draws"]
    assert set(OutboxItem.objects.values_list("state", flat=True)) == {"needs_approval"}
    lanes = Envelope.objects.filter(payload__message="m1") | Envelope.objects.filter(payload__ref="m1")
    assert lanes.values("lane").distinct().count() == 1
    assert not Question.objects.exists()


def test_a_link_in_a_code_is_words_when_it_is_read(shelf: Path) -> None:
    (shelf / "shop.png").write_bytes(pictures.poster("https://shop.example.net/kanjia?id=88"))
    newcomer("chen")
    cast.arrive([sent("m1", "chen", "shop.png", text="帮我砍一刀")])
    cast.told()
    assert answers()[0]["text"] == "帮我砍一刀\nhttps://shop.example.net/kanjia?id=88"
    assert reasons("m1")[-1] == "order.draws"
    assert OutboxItem.objects.get(kind="DeleteMessage").state == "sent"


def test_nothing_is_told_when_a_photo_says_nothing(shelf: Path) -> None:
    cast.arrive([sent("m1", "an", "photo.jpg")])
    cast.told()
    assert answers() == []
    assert reasons("m1") == ["order.looks_at_picture"]
    assert not Question.objects.exists()
    assert not OutboxItem.objects.exists()


def test_what_the_picture_of_staff_shows_may_be_passed_on_by_anybody(shelf: Path) -> None:
    (shelf / "screenshot.png").write_bytes(pictures.poster(pictures.GROUP) + b"\0")
    cast.arrive([sent("m1", "li", "poster.png")])
    cast.told()
    assert reasons("m1") == ["order.looks_at_picture"]
    newcomer("chen")
    cast.arrive([sent("m2", "chen", "screenshot.png")])
    cast.told()
    assert reasons("m2") == ["order.looks_at_picture", "order.draws_little"]
    assert not OutboxItem.objects.exists()


def test_nobody_looks_when_a_member_passes_on_the_picture_of_staff(shelf: Path) -> None:
    newcomer("chen")
    cast.arrive([sent("m1", "li", "poster.png"), sent("m2", "chen", "poster.png")])
    cast.worked()
    assert Question.objects.count() == 1
    assert reasons("m2") == ["order.passes_on"]


@pytest.mark.parametrize(("mode", "asks"), [(Mode.OFF, False), (Mode.OBSERVE, True), (Mode.SUGGEST, True)])
def test_a_mode_decides_whether_anybody_looks(shelf: Path, tea: cast.Tea, mode: Mode, asks: bool) -> None:
    do_set_mode("order", mode, community_id=tea.community_id, at=NOW, actor="system")
    cast.arrive([sent("m1", "an", "poster.png")])
    cast.worked()
    assert Question.objects.exists() == asks
    cast.told()
    assert not set(OutboxItem.objects.values_list("state", flat=True)) - {"simulated", "needs_approval"}


def test_nobody_looks_when_there_is_nothing_to_fetch(shelf: Path) -> None:
    described = cast.message("m1", "an", "", kind="image", media=[{"kind": "image", "name": "IMG_1.jpg"}])
    cast.arrive([described, cast.message("m2", "an", "文件", media=[{"kind": "file", "name": "a", "url": "a"}])])
    cast.worked()
    assert not Question.objects.exists()


@pytest.mark.parametrize("kind", pictures.NO_PICTURES)
def test_the_story_goes_on_and_says_why_when_bytes_are_no_picture(shelf: Path, kind: str) -> None:
    make, why = pictures.NO_PICTURES[kind]
    (shelf / "odd").write_bytes(make())
    began = time.perf_counter()
    cast.arrive([sent("m1", "an", "odd"), cast.message("m2", "an", "早")])
    cast.told()
    assert time.perf_counter() - began < 5
    assert answers()[0]["wrong"] == [why]
    assert reasons("m1") == ["order.looks_at_picture", f"order.picture_{why}"]
    assert not Question.objects.exists()
    assert set(Envelope.objects.values_list("state", flat=True)) == {"done"}
    assert not OutboxItem.objects.exists()


def test_the_first_frames_are_read_when_there_are_thousands(shelf: Path) -> None:
    (shelf / "long.gif").write_bytes(pictures.endless_gif())
    newcomer("chen")
    began = time.perf_counter()
    cast.arrive([sent("m1", "chen", "long.gif")])
    cast.told()
    assert time.perf_counter() - began < 5
    assert answers()[0]["codes"] == [[pictures.GROUP, "group"]]
    assert answers()[0]["wrong"] == []


def test_the_good_picture_counts_when_another_is_broken(shelf: Path) -> None:
    newcomer("chen")
    cast.arrive([sent("m1", "chen", "gone.png", "poster.png", "gone-too.png")])
    cast.told()
    assert (answers()[0]["codes"], answers()[0]["wrong"]) == ([[pictures.GROUP, "group"]], ["missing"])
    assert reasons("m1")[-1] == "order.draws"


def test_only_so_many_pictures_of_a_message_are_looked_at(shelf: Path) -> None:
    names = [f"gone-{number}.png" for number in range(looking.MOST_PICTURES)]
    cast.arrive([sent("m1", "an", *names, "poster.png")])
    cast.told()
    assert answers()[0]["codes"] == []


@pytest.mark.parametrize("name", ["../secret.png", "/etc/hostname", "link.png", "folder", "a\x00b", "x" * 5000, "."])
def test_a_name_leads_nowhere_when_it_leads_out_of_the_shelf(shelf: Path, name: str) -> None:
    (shelf.parent / "secret.png").write_bytes(pictures.poster())
    (shelf / "link.png").symlink_to(shelf.parent / "secret.png")
    (shelf / "folder").mkdir()
    with pytest.raises(NoPicture, match="missing"):
        open_picture(name, NOW)
    cast.arrive([sent("m1", "an", name)])
    cast.told()
    assert reasons("m1") == ["order.looks_at_picture", "order.picture_missing"]


def test_a_file_is_not_read_when_it_is_too_large(shelf: Path) -> None:
    with (shelf / "huge.png").open("wb") as file:
        os.truncate(file.fileno(), 2_000_000_000)
    with pytest.raises(NoPicture, match="too_large"):
        open_picture("huge.png", NOW)


def test_nothing_is_found_when_there_is_no_shelf(tea: cast.Tea) -> None:
    with pytest.raises(NoPicture, match="missing"):
        open_picture("poster.png", NOW)


def test_a_picture_is_fetched_later_when_the_platform_cannot_be_reached(shelf: Path) -> None:
    newcomer("chen")
    cast.arrive([sent("m1", "chen", "poster.png")])
    room.do_go_down(NOW + timedelta(seconds=70))
    with pytest.raises(NotReachable):
        open_picture("poster.png", NOW)
    cast.passed(NOW, NOW + timedelta(seconds=70))
    assert answers() == []
    cast.passed(NOW + timedelta(seconds=70), NOW + timedelta(seconds=110))
    assert answers()[0]["codes"] == [[pictures.GROUP, "group"]]


def test_it_is_said_and_over_when_the_platform_stays_away(shelf: Path) -> None:
    cast.arrive([sent("m1", "an", "poster.png")])
    room.do_go_down(NOW + timedelta(hours=5))
    cast.passed(NOW, NOW + timedelta(hours=1))
    assert reasons("m1") == ["order.looks_at_picture", "order.picture_unreachable"]
    assert not Question.objects.exists()


def test_a_picture_is_fetched_later_when_the_carrier_fails(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(url: str, now: datetime) -> bytes:
        raise RuntimeError("a bug")

    with monkeypatch.context() as patched:
        patched.setattr(looking, "find_carrier", lambda name: replace(SANDBOX, open_picture=fails))
        cast.arrive([sent("m1", "an", "gone.png")])
        cast.told()
        assert Question.objects.get().next_try_at == cast.utc(NOW + looking.WAITS[0])
    cast.passed(NOW, NOW + looking.WAITS[0])
    assert reasons("m1")[-1] == "order.picture_missing"


def test_it_is_said_and_over_when_a_platform_hands_out_no_pictures(
    shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "find_carrier", lambda name: None)
    cast.arrive([sent("m1", "an", "poster.png")])
    cast.told()
    assert reasons("m1")[-1] == "order.picture_not_offered"


def test_a_message_is_let_go_when_it_was_withdrawn_before_anybody_looked(shelf: Path) -> None:
    newcomer("chen")
    cast.arrive([sent("m1", "chen", "poster.png"), cast.recall("r1", "m1", by="chen")])
    cast.told()
    assert answers() == []
    assert not Question.objects.exists()


def test_another_worker_looks_when_one_died_looking(shelf: Path) -> None:
    newcomer("chen")
    cast.arrive([sent("m1", "chen", "poster.png")])
    cast.worked()
    held = do_claim_question(NOW)  # and dies
    assert held is not None
    assert do_claim_question(NOW) is None
    cast.passed(NOW, NOW + TRY_WITHIN)
    assert len(answers()) == 1
    assert not do_answer(held, None, NOW)


def test_a_picture_is_given_up_when_every_worker_dies_over_it(shelf: Path) -> None:
    cast.arrive([sent("m1", "an", "poster.png")])
    cast.worked()
    now = NOW
    for _ in range(len(looking.WAITS) + 1):
        assert do_claim_question(now)
        now += TRY_WITHIN
    cast.told(now)
    assert reasons("m1")[-1] == "order.picture_gave_up"
    assert not Question.objects.exists()


def test_questions_go_when_their_community_is_removed(shelf: Path, tea: cast.Tea) -> None:
    cast.arrive([sent("m1", "an", "poster.png")])
    cast.worked()
    assert Question.objects.count() == 1
    while do_forget_lanes([tea.community_id], 100):
        pass
    assert not Question.objects.exists()


def test_every_why_is_a_sentence_when_it_is_recorded() -> None:
    order = next(one for one in ROSTER if one.name == "order")
    whys = {why for _, why in pictures.NO_PICTURES.values()} | {"missing", "unreachable", "not_offered", "gave_up"}
    assert {f"order.picture_{why}" for why in whys} <= order.reasons.keys()
