"""Several workers look at pictures: each is looked at once, and told once."""

from __future__ import annotations

from pathlib import Path

from qunying.carriers.sandbox.pictures import do_put_up_shelf
from qunying.intake.models import Envelope, Question
from qunying.journal.models import Fact
from qunying.pipeline import looking
from tests import cast, pictures
from tests.concurrency.threads import together

NOW = cast.TUESDAY
COUNT = 12


def look_until_idle() -> int:
    looked = 0
    while step := looking.step(NOW):
        looked += step
    return looked


def test_every_picture_is_told_once_when_three_workers_look(shared_tea: cast.Tea, tmp_path: Path) -> None:
    do_put_up_shelf(tmp_path)
    (tmp_path / "poster.png").write_bytes(pictures.poster())
    media = [{"kind": "image", "url": "poster.png"}]
    for group in shared_tea.groups:
        told = [cast.message(f"{group}-{n}", "an", "", kind="image", media=media) for n in range(COUNT // 6)]
        cast.arrive(told, group)
    cast.worked()
    assert Question.objects.count() == COUNT
    together(NOW, look_until_idle, look_until_idle, look_until_idle)
    assert not Question.objects.exists()
    assert Envelope.objects.filter(carrier="pictures").count() == COUNT
    cast.worked()
    decided = Fact.objects.filter(name="decision.made", words__event="PictureRead")
    assert decided.values("message_key").distinct().count() == decided.count() == COUNT
