"""Who reads English sees no Chinese: on every page of a world in which every name is Latin, and after every mistake."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from qunying.capabilities.incidents.actions import (
    do_change_owner,
    do_close_incident,
    do_reopen_incident,
    do_write_note,
)
from qunying.capabilities.order.lists_kept import do_make_list, do_switch_list, do_write_words
from qunying.carriers.sandbox import room
from qunying.communities.actions import do_found_community, do_grant, do_rename_group
from qunying.communities.actions_rules import RuleNotes, do_drop_rule, do_reword_rule, do_write_rule
from qunying.desk.actions import Opening, do_open_cases, do_open_task
from qunying.kernel import clock
from qunying.kernel.effects import INCIDENTS, OpenCase, OpenTask, RemoveMember, Say
from qunying.kernel.scene import Mode
from qunying.outbox.actions import do_order
from qunying.people.queries import ids_of_accounts
from qunying.pipeline.past import run as past
from qunying.pipeline.rehearsal import asked as rehearsals
from qunying.pipeline.rehearsal.asked import do_ask_rehearsal
from tests import cast
from tests.incidents.found import found
from tests.screens.conftest import counted
from tests.screens.english import chinese_in, crawl, leaks

NAMES = {
    "li": "Lee",
    "an": "Ann",
    "bo": "Bob",
    "chen": "Chen Chen",
    "fang": "Fay",
    "man": "Mandy",
    "yu": "Yves",
    "zoe": "Zoë",
}
BEGIN = ("/", "/order/lists/", "/rehearse/", "/account/password/change/", "/search/?q=tea", "/settings/demo/")
CSV = b"time,from,what\n2024-01-02 10:00,Ann,Hello\n2024-01-03 11:00,Bob,Hi\nsoon,Bob,When\n"


@pytest.fixture
def lynn(db: None) -> User:
    """An owner."""
    user = User.objects.create_user("lynn", last_name="Lynn", password="a long enough one")
    do_grant(user.pk, "owner")
    return user


@pytest.fixture
def reader(lynn: User) -> Client:
    """The browser of an owner who reads English."""
    client = Client()
    client.force_login(lynn)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def world(lynn: User, monkeypatch: pytest.MonkeyPatch) -> Iterator[cast.Tea]:
    """Communities with a past and a present: talk, comings and goings, greetings, approvals, refusals, work."""
    for ref, name in NAMES.items():
        monkeypatch.setitem(cast.NAMES, ref, name)
    monkeypatch.setattr(room, "ACCOUNT_NAME", "Helper")
    with cast.clock_stands(cast.TUESDAY):
        tea, asks = _founded("Tea", ("g1", "g2"), Mode.ACT), _founded("Books", ("b1",), Mode.SUGGEST)
        _founded("Quiet", ("q1",), Mode.OBSERVE)
        _do_talk()
        _do_come_and_go()
    with cast.clock_stands(cast.TUESDAY + timedelta(minutes=20)):
        _do_order(tea, lynn.pk)
        _do_open_work(asks)
        _do_find(tea, lynn.pk)
        _do_rule(tea, lynn.pk)
        _do_list(tea, lynn.pk)
        counted()
        yield tea


def _founded(name: str, groups: tuple[str, ...], mode: Mode) -> cast.Tea:
    tea = cast.build_tea(groups=groups, name=name, mode=mode, language="en")
    for number, group_id in enumerate(tea.groups.values(), 1):
        do_rename_group(group_id, f"{name} {number}")
    return tea


def _do_talk() -> None:
    """Thirty days of it, the last ten quiet."""
    for day in range(30):
        said = [cast.message(f"m{day}-{n}", sender, f"Word {n}") for n, sender in enumerate(("an", "bo", "li") * 5)]
        cast.arrive(said if day < 20 else said[:2], at=clock.now() - timedelta(days=30 - day))
    cast.told()


def _do_come_and_go() -> None:
    cast.arrive([cast.join("j1", "man", via="qr"), cast.join("j2", "yu", via="invite", inviter="an")])
    cast.arrive(
        [cast.join("j3", "zoe"), cast.leave("l1", "bo", operator="li"), cast.card("c1", "an", "Boston-tea-Ann")]
    )
    cast.arrive([cast.join("j4", "fang")], "b1")
    cast.arrive([cast.join("j5", "chen")], "q1")
    cast.arrive([cast.message("m1", "an", "Hi"), cast.edit("e1", "an", "m1", "Hello"), cast.recall("r1", "m1")])
    cast.passed(clock.now(), clock.now() + timedelta(minutes=19))


def _do_order(tea: cast.Tea, user_id: int) -> None:
    """People of ours speak now and later, and remove somebody whom the platform protects."""
    at, member = clock.now(), ids_of_accounts([("sandbox", "li")])[("sandbox", "li")]
    later = Say(group_id=tea.first, text="Tonight", not_before=at + timedelta(hours=2))
    orders = (Say(group_id=tea.first, text="Hello all"), RemoveMember(group_id=tea.first, member=member), later)
    for number, effect in enumerate(orders):
        do_order(effect, community_id=tea.community_id, user_id=user_id, key=f"o{number}", at=at, carrier="sandbox")
    do_order(orders[0], community_id=tea.community_id, user_id=user_id, key="far", at=at, carrier="pigeon")
    cast.told()


def _do_open_work(tea: cast.Tea) -> None:
    at, home = clock.now(), tea.community_id
    late = OpenTask(key="late", kind="call", title="Call Ann", group_id=tea.first, due_at=at - timedelta(hours=1))
    soon = OpenTask(key="soon", kind="call", title="Ask Bob", due_at=at + timedelta(hours=1))
    for task in (late, soon):
        do_open_task(task, community_id=home, at=at)
    do_open_cases([Opening(OpenCase(key="case", kind="look", group_id=tea.first), home, at)])
    cast.arrive([{"type": "message", "ref": "poison", "text": "from nobody"}, cast.join("j6", "chen")], "b1")
    cast.told()


def _do_find(tea: cast.Tea, user_id: int) -> None:
    """Incidents of all kinds; one has another owner and a note, one is over, one was opened again."""
    at, home = clock.now(), tea.community_id
    ids = [
        found(home, kind, group_id=tea.first, refs=("an", "bo"), messages=("m20-0", "m29-1")) for kind in INCIDENTS[1:]
    ]
    ids.append(found(home, INCIDENTS[0]))
    do_change_owner(ids[0], None, user_id=user_id, at=at)
    do_write_note(ids[0], "Told them", user_id=user_id, at=at)
    for one in ids[1:3]:
        do_close_incident(one, "All is well", user_id=user_id, at=at)
    do_reopen_incident(ids[2], user_id=user_id, at=at)


def _do_rule(tea: cast.Tea, user_id: int) -> None:
    """A rule that somebody reworded and some have read, one without a deadline, one that was put away."""
    at, home = clock.now(), tea.community_id
    notes = RuleNotes(name="Deposit", is_important=True, deadline="Form", deadline_on=at.date() + timedelta(days=2))
    first = do_write_rule(home, notes, "Deposits go back within three days.", at=at, user_id=user_id)
    do_reword_rule(first, "Deposits go back in 3 days.", is_same_meaning=True, why="Typo", at=at, user_id=user_id)
    do_write_rule(home, RuleNotes(name="Slides"), "Keep the slides to yourself.", at=at, user_id=user_id)
    do_drop_rule(do_write_rule(home, RuleNotes(name="Old"), "No longer so.", at=at, user_id=None), at=at, user_id=None)
    cast.arrive([cast.message("rule", "li", "Deposits go back in 3 days."), cast.message("read", "an", "Got it")])
    cast.told()


def _do_list(tea: cast.Tea, user_id: int) -> None:
    """A list of words that is on, and one that would touch most of those who speak."""
    at = clock.now()
    for title, word in (("Sales", "discount"), ("All", "pattern:.")):
        made = do_make_list(tea.community_id, title, "delete", user_id=user_id, at=at)
        do_write_words(made, [word], user_id=user_id, at=at)
        do_switch_list(made, is_on=title == "Sales", user_id=user_id, at=at)
    for rule in ({}, {"words": ["Word 1"], "words_do": "delete", "ladder": "links-twice"}):
        asked = {"capability": "order", "title": "", "settings": rule, "user_id": user_id, "at": at}
        do_ask_rehearsal(tea.community_id, tea.groups.values(), 30, **asked)
        assert rehearsals.step(at)


def test_no_page_shows_chinese_when_the_reader_reads_english(world: cast.Tea, reader: Client) -> None:
    pages = crawl(reader, *BEGIN)
    assert len(pages) > 60
    assert leaks(pages) == {}


def test_the_first_pages_show_no_chinese_when_there_is_nothing_yet(reader: Client) -> None:
    pages = crawl(reader, *BEGIN, "/settings/community/")
    assert len(pages) > 25
    pages |= crawl(reader, *_sent(reader, "talk.csv", CSV), within="/import/")
    assert leaks(pages) == {}


def test_no_chinese_is_shown_when_the_demo_is_being_removed(reader: Client) -> None:
    do_found_community(name="Demo", at=clock.now(), is_demo=True)
    sent = reader.post("/settings/demo/", follow=True)
    pages = {address: reader.get(address).content.decode() for address in ("/settings/", "/settings/demo/")}
    assert all("is being removed" in page for page in pages.values())
    assert leaks({"sent": sent.content.decode(), **pages}) == {}


def hand_over(client: Client, name: str, content: bytes) -> str:
    """Sends a file to be imported; answers the page that comes after it."""
    sent = client.post("/import/", {"file": [SimpleUploadedFile(name, content)]}, follow=True)
    assert sent.status_code in {200, 422}
    return sent.content.decode()


def test_an_import_shows_no_chinese_when_lines_and_files_cannot_be_read(world: cast.Tea, reader: Client) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("talk.csv", CSV.replace(b"what", b"text"))
        packed.writestr("inner.zip", b"PK")
        packed.writestr("other.csv", "time,who\n2024-01-01,Ann\n")
    pages = {"unreadable": hand_over(reader, "noise.bin", b"\x00\xff" * 900)}
    pages |= crawl(reader, *_sent(reader, "talk.zip", archive.getvalue()), within="/import/")
    (address,) = _sent(reader, "talk.csv", CSV)
    pages["wrong"] = reader.post(address, {"group": "", "community": "new"}).content.decode()
    pages["unknown zone"] = reader.post(address, _answers(timezone="Mars/Olympus")).content.decode()
    pages["no column"] = reader.post(address, {**_answers(), "col_time": "", "col_text": ""}).content.decode()
    assert reader.post(address, _answers()).status_code == 302
    pages["waiting"] = reader.get("/import/1/", follow=True).content.decode()
    assert past.step(clock.now())
    pages |= crawl(reader, "/import/", within="/import/")
    said = "".join(pages.values())
    assert all(
        words in said for words in ("An archive within the archive", "No column for Time, Text", "1 line skipped")
    )
    assert leaks(pages) == {}


def _sent(client: Client, name: str, content: bytes) -> list[str]:
    response = client.post("/import/", {"file": [SimpleUploadedFile(name, content)]})
    assert response.status_code == 302, response.content.decode()[:300]
    return [response["Location"]]


def _answers(**said: str) -> dict[str, str]:
    columns = {"col_time": "time", "col_sender": "from", "col_text": "what"}
    return {
        "group": "Old talk",
        "community": "new",
        "new_community": "Past",
        "timezone": "Europe/London",
        **columns,
        **said,
    }


def test_the_sandbox_shows_no_chinese_when_it_is_played(world: cast.Tea, reader: Client) -> None:
    blank, copied = (reader.post("/sandbox/new/", {"group": group})["Location"] for group in ("", world.first))
    pages = {copied: reader.get(copied).content.decode()}
    for words in ({"scene": "two"}, {"text": "Good morning"}, {"text": ""}, {"do": "nonsense"}):
        pages[str(words)] = reader.post(f"{blank}play/", {**words, "as": "old"}, follow=True).content.decode()
    assert "Welcome to" in "".join(pages.values())
    assert leaks(pages) == {}


MISTAKES: tuple[tuple[str, dict[str, str]], ...] = (
    ("/rules/of/{community}/", {"new-name": "", "new-text": "x"}),
    ("/rules/of/{community}/", {"new-name": "Deposit", "new-text": "Deposits go back."}),
    ("/rules/of/{community}/", {"new-name": "Else", "new-text": "x", "new-deadline": "Form"}),
    ("/rules/of/{community}/", {"new-name": "Else", "new-text": "x"}),
    ("/groups/{group}/settings/notes/", {"weight": "500", "capacity": "1"}),
    ("/groups/{group}/settings/notes/", {"weight": "5", "capacity": "1"}),
    ("/groups/{group}/say/", {"text": ""}),
    ("/groups/{group}/settings/onboarding/", {"mode": "act", "onboarding-greet_at": "1000"}),
    (
        "/settings/community/",
        {"name": "Tea", "timezone": "Europe/London", "language": "en", "quiet_from": "22:00", "quiet_to": "08:00"},
    ),
    (
        "/settings/community/",
        {"name": "New", "timezone": "Mars/Olympus", "language": "en", "quiet_from": "22:00", "quiet_to": "08:00"},
    ),
    ("/settings/community/{community}/roster/", {"name": "Lee", "carrier": "sandbox", "ref": "li", "duty": "operator"}),
    (
        "/settings/community/{community}/capability/onboarding/",
        {"onboarding-wait_minutes": "x", "onboarding-rules": "r\n" * 60},
    ),
    ("/settings/sign-ins/", {"name": "lynn", "role": "operator"}),
    ("/settings/sign-ins/", {"name": "no good name", "role": "operator"}),
    ("/settings/sign-ins/{user}/deactivate/", {}),
    ("/today/tasks/99999/done/", {}),
    ("/today/timers/release/made:up/", {}),
    ("/outbox/1/unhold/", {}),
    ("/journal/verify/", {}),
    ("/account/password/change/", {"oldpassword": "wrong", "password1": "short", "password2": "other"}),
    ("/preferences/language/", {"language": "xx"}),
)


ODD_ADDRESSES = (
    "/groups/{group}/report/?from=soon",
    "/groups/{group}/report/?from=2024-03-02&to=2024-03-01",
    "/groups/{group}/messages/?day=soon",
    "/insights/messages/?by=moon",
    "/nowhere/",
    "/groups/999999/",
    "/account/inactive/",
    "/account/logout/",
)


def test_no_answer_shows_chinese_when_something_is_wrong(world: cast.Tea, reader: Client, lynn: User) -> None:
    known = {"group": world.first, "community": world.community_id, "user": lynn.pk}
    answers = {}
    for address, words in MISTAKES:
        response = reader.post(address.format(**known), words, follow=True)
        assert response.status_code in {200, 400, 422}, address
        answers[f"{address} {words}"] = response.content.decode()
    for address in ODD_ADDRESSES:
        answers[address] = reader.get(address.format(**known), follow=True).content.decode()
    assert leaks(answers) == {}


@pytest.mark.parametrize("address", ["/", "/account/login/", "/account/password/reset/", "/account/signup/"])
def test_the_pages_outside_show_no_chinese_when_nobody_is_signed_in(db: None, client: Client, address: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert chinese_in(client.get(address, follow=True).content.decode()) == []
    wrong = client.post("/account/login/", {"login": "nobody", "password": "wrong"})
    assert chinese_in(wrong.content.decode()) == []


def test_the_eye_sees_chinese_where_a_reader_would() -> None:
    page = '<html lang="en"><title>群营</title><p>Group：<b>one</b><img alt="群"><input value="A、B"><i lang="zh">好</i><script>"群"</script>'
    assert chinese_in(page) == ["Group：", "群", "A、B"]
