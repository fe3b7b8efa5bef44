"""``qunying people --link FILE``: a table says which accounts are one person; every line is accounted for."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

from qunying.journal.models import Fact, PersonalPart
from qunying.kernel import clock
from qunying.kernel.errors import BadUse
from qunying.people.actions import Account, Enrolled, Seat, Spoke, do_count_talk, do_enrol, do_know
from qunying.people.merging import do_declare_apart, do_undo_merge
from qunying.people.models import Identity, Merge
from tests import cast
from tests.commands.typed import typed


@pytest.fixture
def people(tea: cast.Tea) -> cast.Tea:
    members = [Enrolled(ref, ref) for ref in ("a", "b", "c", "d")]
    do_enrol("sandbox", tea.community_id, tea.groups["g1"], members, clock.now())
    return tea


def account(ref: str) -> int:
    return Identity.objects.values_list("pk", flat=True).get(ref=ref)


def person(ref: str) -> int | None:
    return Identity.objects.values_list("person_id", flat=True).get(ref=ref)


def linked(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, *words: str) -> dict[str, object]:
    path = tmp_path / "links.csv"
    path.write_text(text, encoding="utf-8")
    call_command("people", "--link", str(path), "--json", *words)
    told: dict[str, object] = json.loads(capsys.readouterr().out)
    return told


def left(told: dict[str, object]) -> dict[str, tuple[int, str]]:
    lines = told["left"]
    assert isinstance(lines, list)
    return {one["reason"]: (one["count"], one["example_line"]) for one in lines}


def test_accounts_with_one_phone_address_or_union_id_are_one(
    people: cast.Tea, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "账号,手机号,邮箱,union id\na,+86 138-0013-8000,,\nb,13800138000,B@x.cn,\nc,,b@X.cn,o6_1\nd,,,o6_1\n"
    told = linked(tmp_path, capsys, text)
    assert (told["rows"], told["accounts"], told["joined"], told["left"]) == (4, 4, 3, [])
    assert {person(ref) for ref in "abcd"} == {account("a")}
    assert {merge.code for merge in Merge.objects.all()} == {"phone", "email", "union"}


def test_nothing_is_doubled_when_it_is_told_again_and_later_tables_go_on(
    people: cast.Tea, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "account,phone\na,13800138000\nb,13800138000\n"
    linked(tmp_path, capsys, text)
    again = linked(tmp_path, capsys, text)
    assert (again["vouched"], again["known"], again["joined"]) == (0, 2, 0)
    later = linked(tmp_path, capsys, "account,phone\nc,13800138000\n")
    assert (later["vouched"], later["joined"]) == (1, 1)
    assert {person(ref) for ref in "abc"} == {account("a")}


def test_every_line_that_was_left_is_told_with_its_place(
    people: cast.Tea, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    do_know({Account("qq", "a"): "别处的 a"}, clock.now())
    rows = ["账号,手机号,union id,邮箱", "nobody,13800138000,,", ",13800138000,,", "b,,,", "c,call me,,", "c,,,nowhere"]
    rows += ["a,13800138000,,", "d,,u1,", "d,,u2,"]
    told = linked(tmp_path, capsys, "\n".join(rows))
    assert {reason: (count, example.partition(":")[0]) for reason, (count, example) in left(told).items()} == {
        "unknown_account": (1, "2"),
        "no_account": (1, "3"),
        "no_evidence": (1, "4"),
        "bad_phone": (1, "5"),
        "bad_email": (1, "6"),
        "several_accounts": (1, "7"),
        "two_unions": (1, "9"),
    }
    assert (told["rows"], told["joined"]) == (8, 0)


def test_nobody_is_joined_against_anybodys_word(
    people: cast.Tea, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    user = User.objects.create_user("小李").pk
    do_declare_apart(account("a"), account("b"), by=user, at=clock.now())
    for ref in ("c", "d"):
        seat = Seat(people.groups["g1"], account(ref))
        do_count_talk({seat: Spoke(3, clock.now() - timedelta(days=9), clock.now())})
    told = linked(tmp_path, capsys, "account,phone\na,13800138000\nb,13800138000\nc,13900139000\nd,13900139000\n")
    assert left(told) == {"contradiction": (1, "2: a = b"), "doubtful": (1, "4: c = d")}
    assert not Merge.objects.exists()


def test_nobody_is_joined_again_when_somebody_took_it_back(
    people: cast.Tea, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "account,phone\na,13800138000\nb,13800138000\n"
    linked(tmp_path, capsys, text)
    do_undo_merge(Merge.objects.get().pk, by=None, at=clock.now())
    assert left(linked(tmp_path, capsys, text)) == {"taken_back": (1, "2: a = b")}
    assert person("b") == account("b")


def test_nobody_is_joined_by_what_many_share(
    people: cast.Tea, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refs = [f"m{n}" for n in range(9)]
    do_enrol("sandbox", people.community_id, people.groups["g1"], [Enrolled(ref, ref) for ref in refs], clock.now())
    told = linked(tmp_path, capsys, "account,phone\n" + "\n".join(f"{ref},4008008000" for ref in refs))
    assert left(told)["too_many"][0] == 1
    assert not Merge.objects.exists()


def test_a_shops_customer_is_a_member_when_the_phone_is_theirs(
    people: cast.Tea, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    customer = do_know({Account("shop", f"{people.community_id}:小店:k1"): "k1"}, clock.now())
    linked(tmp_path, capsys, "账号,手机\na,13800138000\n")
    told = linked(tmp_path, capsys, "客户编号,手机\nk1,13800138000\n", "--community", "茶友会", "--source", "小店")
    assert (told["accounts"], told["joined"]) == (1, 1)
    assert {one.id for one in customer.values()} == set(
        Identity.objects.filter(person=account("a"), carrier="shop").values_list("pk", flat=True)
    )


def test_nothing_is_written_when_it_only_looks(
    people: cast.Tea, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = linked(tmp_path, capsys, "account,phone\na,13800138000\nb,13800138000\n", "--dry-run")
    assert (told["accounts"], told["joined"]) == (2, 0)
    assert not Merge.objects.exists()
    assert not Fact.objects.filter(name="people.linked").exists()


def test_no_phone_is_in_the_facts(people: cast.Tea, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    linked(tmp_path, capsys, "account,phone\na,13800138000\nb,13800138000\n")
    facts = Fact.objects.filter(name__startswith="people.")
    assert facts.count() == 2
    assert "138" not in str([fact.words for fact in facts])
    assert not PersonalPart.objects.filter(fact__in=facts).exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n1,2\n", ()),
        ("", ()),
        ("account,phone\na,1\n", ("--column", "phone=没有这列")),
        ("account,phone\na,1\n", ("--column", "无=phone")),
        ("account,phone\na,1\n", ("--community", "没有的", "--source", "店")),
        ("account,phone\na,1\n", ("--source", "店")),
        ("account,phone\na,1\n", ("要找的词",)),
    ],
)
def test_bad_use_is_refused_before_anything_is_written(
    people: cast.Tea, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, words: tuple[str, ...]
) -> None:
    with pytest.raises(BadUse):
        linked(tmp_path, capsys, text, *words)
    assert not Merge.objects.exists()


def test_one_line_and_exit_code_2_when_there_is_no_file(tmp_path: Path) -> None:
    ended = typed(tmp_path / "home", "people", "--link", "nowhere.csv")
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1), ended.stderr
