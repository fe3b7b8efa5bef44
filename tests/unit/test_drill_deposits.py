"""Deposits in drills: paid before the play, looked at after it, and whatever is wrong with them said with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from qunying.kernel.errors import BadUse
from qunying.pipeline.drill.expect import Outcome, check_expectations, deadline, judge
from qunying.pipeline.drill.play import play
from qunying.pipeline.drill.script import Script, read_script
from qunying.pipeline.drill.worlds import fresh_world
from tests.fines import WITH_FINES

SOUND = """\
drill: 1
mode: act
acts: [fines]
staff:
  - {id: li, name: 小李}
groups:
  - {id: g1, name: 打卡营1群}
members:
  - {id: ann, name: 安安, group: g1}
  - {id: hu, name: 胡同学, group: g1}
deposits:
  - {member: ann, amount: "99.00", ref: pay-1}
  - {member: hu, amount: "99.01", currency: CNY, ref: pay-2}
  - {member: hu, amount: "5", currency: USD}
  - {member: hu, amount: "0.99"}
timeline:
  - {at: 2024-03-04T07:00, group: g1, from: hu, say: 广告：兼职日结三百}
  - {after: 1m, group: g1, join: zoe, name: 佐伊}
expect:
  - {effect: Forfeit, member: hu, within: 60s, of: 1}
  - {state: {deposit: {member: hu, balance: "0.00"}}}
  - {state: {deposit: {member: hu, currency: USD, balance: "0.00"}}}
  - {state: {deposit: {member: ann, balance: "99.00"}}}
  - {state: {deposit: {member: zoe, balance: "0.00"}}}
"""


def read(folder: Path, text: str) -> Script:
    path = folder / "play.yaml"
    path.write_text(text, encoding="utf-8")
    script = read_script(path, WITH_FINES)
    check_expectations(script, WITH_FINES)
    return script


def outcomes(folder: Path, text: str, blocker: DjangoDbBlocker) -> list[Outcome]:
    script = read(folder, text)
    with blocker.unblock(), fresh_world():
        return judge(play(script, WITH_FINES, deadline))[0]


def whys(folder: Path, text: str, blocker: DjangoDbBlocker) -> list[str]:
    return [one.why for one in outcomes(folder, text, blocker) if not one.met]


def test_a_play_knows_what_is_left_when_a_deposit_was_forfeited(
    tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    assert whys(tmp_path, SOUND, django_db_blocker) == []


def test_what_was_paid_is_all_there_when_the_rule_only_watches(
    tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    watched = SOUND.replace("mode: act", "mode: observe")
    assert whys(tmp_path, watched, django_db_blocker)[1:] == [
        "the deposit of hu is 100.00 CNY",
        "the deposit of hu is 5.00 USD",
    ]


def test_a_play_says_what_is_left_when_something_else_was_expected(
    tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    text = SOUND.replace('member: ann, balance: "99.00"', 'member: ann, balance: "0.00"')
    assert whys(tmp_path, text, django_db_blocker) == ["the deposit of ann is 99.00 CNY"]


MISTAKES = [
    ("member: ann, amount", "member: ghost, amount", "line 12", "'ghost'"),
    ("member: ann, amount", "member: zoe, amount", "line 12", "before it begins"),
    ("member: ann, amount", "amount", "line 12", "'member'"),
    ('amount: "99.00", ref', "ref", "line 12", "'amount'"),
    ('"99.00", ref', "viel, ref", "line 12", "viel"),
    ('"99.00", ref', '"-99.00", ref', "line 12", "-99.00"),
    ('"99.00", ref', '"0", ref', "line 12", "0.00"),
    ('"99.00", ref', '"99.001", ref', "line 12", "99.001"),
    ('"99.00", ref', "[99], ref", "line 12", "'amount'"),
    ('"99.00", ref', '"99.00", note: x, ref', "line 12", "'note'"),
    ("currency: CNY, ref", "currency: XYZ, ref", "line 13", "XYZ"),
    ("ref: pay-2", "ref: pay-1", "line 13", "'pay-1'"),
    ('  - {member: hu, amount: "5", currency: USD}', "  - pay", "line 1", "'deposits'"),
    ("{state: {deposit: {member: ann,", "{state: {points: {member: ann,", "line 23", "'points'"),
    ("{state: {deposit: {member: ann,", "{state: {deposit: {member: ghost,", "line 23", "'ghost'"),
    ("{deposit: {member: ann, balance", "{deposit: {balance", "line 23", "'member'"),
    ('ann, balance: "99.00"', "ann", "line 23", "'balance'"),
    ('ann, balance: "99.00"', 'ann, balance: "99"', "line 23", "'99'"),
    ('ann, balance: "99.00"', 'ann, balance: "-1.00"', "line 23", "'-1.00'"),
    ('ann, balance: "99.00"', 'ann, balance: "99.00", at: 5m', "line 23", "'at'"),
    ('ann, balance: "99.00"', 'ann, balance: "99.00", currency: XYZ', "line 23", "'XYZ'"),
    ('ann, balance: "99.00"', 'ann, balance: ["99.00"]', "line 23", "mapping"),
    ('{deposit: {member: ann, balance: "99.00"}}', "rich", "line 23", "mapping"),
    ('{deposit: {member: ann, balance: "99.00"}}', "{deposit: rich}", "line 23", "mapping"),
    ('{deposit: {member: ann, balance: "99.00"}}', "{}", "line 23", "mapping"),
    ('balance: "99.00"}}}', 'balance: "99.00"}}, within: 5m}', "line 23", "'within'"),
]


@pytest.mark.parametrize(("right", "wrong", "line", "what"), MISTAKES)
def test_the_line_is_named_when_a_deposit_is_wrong(
    tmp_path: Path, right: str, wrong: str, line: str, what: str
) -> None:
    assert SOUND.count(right) == 1, right
    with pytest.raises(BadUse) as caught:
        read(tmp_path, SOUND.replace(right, wrong))
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / 'play.yaml'}: ")
    assert f"{line}:" in message
    assert what in message
