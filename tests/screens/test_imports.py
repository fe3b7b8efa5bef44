"""Reading the past in through the console: files arrive, questions are asked, the run is watched."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from qunying.communities.actions import NewGroup, do_found_community, do_register_group
from qunying.communities.queries import find_group_by_name
from qunying.console.imports import looking, receiving
from qunying.kernel import clock
from qunying.pipeline.past import run as past
from qunying.pipeline.past.queries import Import, list_imports
from qunying.pipeline.past.uploads import do_open_folder, list_drafts, place_for
from tests import cast
from tests.screens.conftest import signed_in_as

HTMX = {"HX-Request": "true"}
JSON = {"Accept": "application/json"}
UPLOADS = Path(settings.HOME) / "uploads"
HEAD = "消息记录（此消息记录为文本格式，不支持重新导入）\n\n{0}\n消息分组:我的QQ群\n{0}\n消息对象:{1}\n{0}\n\n"


@pytest.fixture(autouse=True)
def _no_uploads() -> Iterator[None]:
    """Nothing handed over in one test reaches the next."""
    shutil.rmtree(UPLOADS, ignore_errors=True)
    yield
    shutil.rmtree(UPLOADS, ignore_errors=True)


def qq(chat: str = "杭州三群", lines: int = 6, broken: int = 0) -> bytes:
    """A QQ text file: so many messages, one an hour, and so many lines whose time cannot be read."""
    said = [f"2023-03-{11 + n // 24:02} {n % 24:02}:04:00 老周(10001)\n第{n}泡\n\n" for n in range(lines)]
    bad = [f"2024-25-61 25:61:07 坏掉({10002 + n})\n=cmd()\n\n" for n in range(broken)]
    return (HEAD.format("=" * 64, chat) + "".join(said + bad)).encode()


def zipped(**files: bytes) -> bytes:
    """A zip of files."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.txt", content)
    return target.getvalue()


def send(client: Client, *files: tuple[str, bytes], **headers: str) -> HttpResponse:
    """Hands files over as the form does."""
    parts = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post("/import/", {"file": parts}, headers=headers)


def look_url(client: Client, name: str = "杭州三群.txt", content: bytes | None = None) -> str:
    """Where files lead that were taken."""
    response = send(client, (name, qq() if content is None else content))
    assert response.status_code == 302, response.content.decode()[:400]
    return str(response["Location"])


def start(client: Client, url: str, **words: str) -> HttpResponse:
    """Says where files belong; the reader's answers can be overruled."""
    return client.post(
        url, {"group": "往事群", "community": "new", "new_community": "往事社", "timezone": "Asia/Shanghai", **words}
    )


def started(client: Client, content: bytes | None = None, name: str = "杭州三群.txt", **words: str) -> Import:
    """An import that waits to be read."""
    response = start(client, look_url(client, name, content), **words)
    assert response.status_code == 302, response.content.decode()
    return list_imports(None, limit=1)[0]


def test_files_are_taken_and_recognised_when_they_are_sent_by_the_form(owner: Client) -> None:
    page = owner.get(look_url(owner)).content.decode()
    assert "QQ 消息管理器" in page
    assert "「杭州三群」" in page
    assert "2023 年 3 月 11 日 00:04" in page
    assert 'value="杭州三群"' in page
    assert "文件里的时间是哪里的" in page


def test_an_address_is_answered_when_the_script_sends_files(owner: Client) -> None:
    response = send(owner, ("杭州三群.txt", qq()), **JSON)
    assert response.status_code == 200
    assert owner.get(response.json()["url"]).status_code == 200  # type: ignore[attr-defined]


def test_file_and_reason_are_named_when_nobody_can_read_it(owner: Client) -> None:
    response = send(owner, ("垃圾.bin", b"\x00\xff\xfe" * 900), **JSON)
    assert response.status_code == 422
    assert "「垃圾.bin」认不出格式" in response.json()["reason"]  # type: ignore[attr-defined]
    page = send(owner, ("垃圾.bin", b"\x00\xff\xfe" * 900))
    assert page.status_code == 422
    assert "「垃圾.bin」认不出格式" in page.content.decode()
    assert list(UPLOADS.iterdir()) == []


@pytest.mark.parametrize("files", [[], [("空.txt", b"")]])
def test_nothing_is_kept_when_nothing_was_sent(owner: Client, files: list[tuple[str, bytes]]) -> None:
    assert send(owner, *files).status_code == 422
    assert list(UPLOADS.iterdir()) == []


def test_files_are_refused_when_they_are_too_large(owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "MOST_BYTES", 1000)
    monkeypatch.setattr(receiving, "CHUNK_BYTES", 0)
    response = send(owner, ("大.txt", qq(lines=90)), **JSON)
    assert response.status_code == 422
    assert "最多传" in response.json()["reason"]  # type: ignore[attr-defined]
    assert list(UPLOADS.iterdir()) == []


def test_nothing_is_kept_when_the_form_is_not_ours(owner: Client, db: None) -> None:
    signed_in_as("lead", "owner")
    client = Client(enforce_csrf_checks=True)
    client.cookies = owner.cookies
    assert send(client, ("杭州三群.txt", qq())).status_code == 403
    assert list(UPLOADS.iterdir()) == []


def test_a_file_keeps_its_name_and_stays_in_its_folder_when_the_name_is_hostile(db: None) -> None:
    token = do_open_folder(clock.now())
    folder = UPLOADS / token / "files"
    for name in (
        "../../etc/passwd",
        "..\\..\\boot.ini",
        "\x00\u202e.txt",
        "." * 9,
        "很" * 300 + ".txt",
        "",
        "/",
        "a/../../b.csv",
    ):
        path = place_for(token, name)
        path.write_bytes(b"x")
        assert path.parent == folder
        assert len(path.name.encode()) < 220
    assert place_for(token, "杭州三群.txt").name == "杭州三群.txt"
    (folder / "杭州三群.txt").write_bytes(b"x")
    assert place_for(token, "杭州三群.txt").name == "杭州三群-2.txt"


def test_an_import_runs_to_its_end_when_the_questions_are_answered(owner: Client) -> None:
    run = started(owner, qq(lines=30, broken=2))
    waiting = owner.get(f"/import/{run.id}/").content.decode()
    assert "排着队" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    assert past.step(clock.now()) == 1
    html = owner.get(f"/import/{run.id}/").content.decode()
    assert "已保存 <b>30</b> 条" in html
    assert "读完了" in html
    assert "跳过了 4 行" in html or "跳过了 2 行" in html
    assert "第0泡" in html
    group = find_group_by_name("往事群")
    assert group is not None
    assert f'href="/groups/{group.id}/"' in html
    assert list(UPLOADS.iterdir()) == []  # read to the end, so the files are gone


def test_every_part_comes_alone_when_htmx_asks(owner: Client) -> None:
    run = started(owner, zipped(a=qq("甲群"), b=qq("乙群", broken=3)), "两群.zip")
    past.step(clock.now())
    for part, words in (("progress", "已保存"), ("seen", "已经看见的"), ("skipped", "时间读不懂"), ("months", "")):
        html = owner.get(f"/import/{run.id}/?part={part}", headers=HTMX).content.decode()
        assert "<html" not in html
        assert words in html


def test_the_page_loads_again_when_the_state_has_changed(owner: Client) -> None:
    run = started(owner)
    asked = f"/import/{run.id}/?part=progress&was=waiting"
    assert "HX-Refresh" not in owner.get(asked, headers=HTMX).headers
    past.step(clock.now())
    assert owner.get(asked, headers=HTMX).headers["HX-Refresh"] == "true"


def test_an_import_rests_goes_on_and_ends_when_somebody_says_so(owner: Client) -> None:
    run = started(owner)
    owner.post(f"/import/{run.id}/pause/")
    assert past.step(clock.now()) == 0
    assert "接着导" in owner.get(f"/import/{run.id}/").content.decode()
    owner.post(f"/import/{run.id}/resume/")
    assert "歇一下" in owner.get(f"/import/{run.id}/").content.decode()
    confirm = owner.get(f"/import/{run.id}/drop/").content.decode()
    assert "传上来的文件从这台机器上删掉" in confirm
    assert owner.post(f"/import/{run.id}/drop/").status_code == 302
    assert past.step(clock.now()) == 0
    assert list(UPLOADS.iterdir()) == []
    assert "已经结束了" in owner.post(f"/import/{run.id}/pause/", follow=True).content.decode()


def test_what_was_left_out_is_listed_and_taken_home_when_there_is_some(owner: Client) -> None:
    run = started(owner, qq(broken=14))
    past.step(clock.now())
    assert "page=2" in owner.get(f"/import/{run.id}/").content.decode()
    filtered = owner.get(f"/import/{run.id}/?reason=bad_time&page=2")
    assert {line.why for line in filtered.context["skipped_lines"]} == {"时间读不懂"}
    table = owner.get(f"/import/{run.id}/skipped.csv")
    text = table.content.decode("utf-8-sig")
    assert table["Content-Disposition"] == f'attachment; filename="import-{run.id}-skipped.csv"'
    assert text.splitlines()[0] == "文件,第几行,为什么,原文"
    assert "杭州三群.txt" in text
    assert not any(cell.startswith("=") for line in text.splitlines() for cell in line.split(","))


def test_day_and_month_are_asked_for_when_the_file_leaves_them_open(owner: Client) -> None:
    lines = [f"0{1 + n}/0{2 + n}/2024, 20:15 - 老周: 第{n}句" for n in range(6)]
    url = look_url(owner, "WhatsApp 聊天.txt", "\n".join(lines).encode())
    page = owner.get(url)
    orders = page.context["orders"]
    assert {order.example for order in orders} == {"2024 年 1 月 2 日", "2024 年 2 月 1 日"}
    other = next(order.value for order in orders if not order.is_chosen)
    start(owner, url, date_order=other)
    past.step(clock.now())
    run = list_imports(None, limit=1)[0]
    assert run.tally.messages == 6
    assert run.choices["date_order"] == other


def test_columns_are_asked_for_when_the_header_says_nothing(owner: Client) -> None:
    table = "甲,乙,丙\n2024-03-05 20:00,老周,人齐了\n2024-03-05 20:01,阿茗,早\n坏时间,阿茗,早\n".encode()
    url = look_url(owner, "表.csv", table)
    assert "哪一列是什么" in owner.get(url).content.decode()
    missing = start(owner, url)
    assert missing.status_code == 422
    assert "没有时间、内容列" in missing.content.decode()
    columns = {"col_time": "甲", "col_sender": "乙", "col_text": "丙"}
    shown = start(owner, url, act="look", **columns)
    assert "人齐了" in shown.content.decode()
    assert list_imports(None, limit=1) == []
    assert start(owner, url, **columns).status_code == 302
    past.step(clock.now())
    run = list_imports(None, limit=1)[0]
    assert (run.tally.messages, run.skipped) == (2, 1)


def test_the_zone_is_minded_when_times_say_none(owner: Client) -> None:
    url = look_url(owner)
    assert "没有「月球」这个时区" in start(owner, url, timezone="月球").content.decode()
    assert start(owner, url, timezone="").status_code == 422
    start(owner, url, timezone="America/New_York")
    past.step(clock.now())
    run = list_imports(None, limit=1)[0]
    assert run.tally.first_at.startswith("2023-03-11T05:04")
    with timezone.override("UTC"):
        assert "2023-03-11 00:04" in owner.get(f"/import/{run.id}/").content.decode()


def test_a_group_of_another_community_is_not_written_to_when_its_name_is_given(tea: cast.Tea) -> None:
    other = do_found_community(name="隐秘社", at=clock.now())
    do_register_group(other, NewGroup(carrier="qq", ref="s1", carrier_name="隐秘群"), at=clock.now())
    lead = signed_in_as("lead", "lead", tea.community_id)
    url = look_url(lead)
    refused = start(lead, url, group="隐秘群", community=str(tea.community_id))
    assert refused.status_code == 422
    assert "已经是别的社群里的群了" in refused.content.decode()
    assert start(lead, url, community="new").status_code == 422  # founding is for those who reach everything
    assert start(lead, url, community=str(other)).status_code == 422
    assert start(lead, url, community=str(tea.community_id)).status_code == 302


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ({"group": ""}, "group"),
        ({"group": "很" * 101}, "group"),
        ({"new_community": "  "}, "new_community"),
        ({"new_community": "茶友会"}, "new_community"),
        ({"community": "999999"}, "community"),
    ],
)
def test_the_form_says_what_is_wrong_when_an_answer_is(
    tea: cast.Tea, owner: Client, words: dict[str, str], error: str
) -> None:
    response = start(owner, look_url(owner), **words)
    assert response.status_code == 422
    assert error in response.context["form"].errors
    assert 'aria-invalid="true"' in response.content.decode()


def test_uploads_can_be_left_and_found_again_when_nothing_was_started(owner: Client) -> None:
    url = look_url(owner)
    assert url in owner.get("/import/").content.decode()
    stranger = signed_in_as("other", "owner")
    assert stranger.get(url).status_code == 404
    assert url not in stranger.get("/import/").content.decode()
    owner.post(f"{url}drop/")
    assert owner.get(url).status_code == 404
    assert list(UPLOADS.iterdir()) == []


def test_the_same_import_goes_on_when_its_files_are_sent_again(owner: Client) -> None:
    run = started(owner)
    owner.post(f"/import/{run.id}/pause/")
    again = start(owner, look_url(owner), community=str(run.community_id))
    assert again["Location"] == f"/import/{run.id}/"
    assert len(list(UPLOADS.iterdir())) == 1
    assert list_drafts(1) == []


def test_large_files_are_looked_at_in_the_background_when_they_arrive(
    owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting: list[Any] = []
    monkeypatch.setattr(looking, "AT_ONCE_BYTES", 10)
    monkeypatch.setattr(looking.threading.Thread, "start", lambda self: waiting.append(self))
    monkeypatch.setattr("qunying.console.imports.views.AT_ONCE_BYTES", 10)
    url = look_url(owner)
    assert "正在认格式" in owner.get(url).content.decode()
    assert 'hx-trigger="every 2s"' in owner.get(url, headers=HTMX).content.decode()
    assert len(waiting) == 1
    waiting[0].run()
    assert "QQ 消息管理器" in owner.get(url).content.decode()


def test_nothing_is_there_when_the_reader_may_not_import(tea: cast.Tea, owner: Client, analyst: Client) -> None:
    run = started(owner)
    watcher = signed_in_as("watch", "watcher", tea.community_id)
    for client in (analyst, watcher, signed_in_as("lead", "lead", tea.community_id)):
        assert client.get(f"/import/{run.id}/").status_code == 404
        assert client.get(f"/import/{run.id}/skipped.csv").status_code == 404
        assert client.post(f"/import/{run.id}/drop/").status_code == 404
    assert analyst.get("/import/").status_code == 404
    assert send(analyst, ("杭州三群.txt", qq())).status_code == 404


def test_the_page_teaches_when_nothing_was_imported(owner: Client) -> None:
    html = owner.get("/import/").content.decode()
    assert "还没有导入过" in html
    assert 'data-post="/import/"' in html
    assert 'enctype="multipart/form-data"' in html
    assert "没有这样的导入" in owner.get("/import/?state=done").content.decode()


def test_hostile_names_are_escaped_when_files_carry_them(owner: Client) -> None:
    evil = "<img src=x onerror=alert(1)>"
    run = started(owner, qq(evil, broken=1), f"{evil}.txt", group=evil)
    past.step(clock.now())
    for path in ("/import/", f"/import/{run.id}/"):
        assert "<img" not in owner.get(path).content.decode()


def test_questions_stay_few_when_imports_are_many(
    owner: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    run = started(owner, zipped(**{f"群{n}": qq(f"群{n}", broken=2) for n in range(3)}), "三群.zip")
    past.step(clock.now())
    for path in ("/import/", f"/import/{run.id}/"):
        owner.get(path)
    with django_assert_max_num_queries(20) as before:
        owner.get("/import/")
    with django_assert_max_num_queries(20) as watched:
        owner.get(f"/import/{run.id}/")
    counts = len(before), len(watched)
    more = started(
        owner,
        zipped(**{f"新{n}": qq(f"新{n}", broken=9) for n in range(12)}),
        "十二群.zip",
        group="新群",
        community=str(run.community_id),
    )
    past.step(clock.now())
    with django_assert_num_queries(counts[0]):
        owner.get("/import/")
    with django_assert_num_queries(counts[1]):
        owner.get(f"/import/{more.id}/")


def chatlab(chat: str = "断群", lines: int = 40) -> bytes:
    """A ChatLab file, whose times are moments: one message an hour from 20:00 on in Shanghai."""
    said = [
        {"sender": "u1", "accountName": "老周", "timestamp": 1709640000 + 3600 * n, "type": 0, "content": f"第{n}泡茶"}
        for n in range(lines)
    ]
    head = {"chatlab": {"version": "0.0.1"}, "meta": {"name": chat, "platform": "qq", "type": "group"}}
    return json.dumps({**head, "messages": said}, ensure_ascii=False).encode()


def test_the_end_says_what_is_missing_and_what_to_do_when_a_file_breaks_off(owner: Client) -> None:
    run = started(owner, chatlab()[:-900], "断.json")
    past.step(clock.now())
    page = owner.get(f"/import/{run.id}/")
    html = page.content.decode()
    kept = list_imports(None, limit=1)[0].tally.messages
    assert (page.context["state_words"], page.context["state_tone"]) == ("没读全", "look")
    assert '<p class="notice look">' in html
    for words in (
        "文件没有读全。",
        f"新记 {kept} 条",
        "最晚一条是",
        f"「断.json」断在第 {kept + 1} 条",
        "重新导出一份完整的",
    ):
        assert words in html
    assert [file.state for file in page.context["files"]] == ["cut"]
    assert "没读全" in owner.get("/import/").content.decode()


def test_an_import_ends_as_before_when_its_file_is_whole(owner: Client) -> None:
    run = started(owner, chatlab(), "整.json")
    past.step(clock.now())
    page = owner.get(f"/import/{run.id}/")
    assert (page.context["state_words"], page.context["state_tone"]) == ("读完了", "plain")
    assert "没有读全" not in page.content.decode()


@pytest.mark.parametrize(
    ("zone", "told", "day"),
    [
        ("", "北京时间", "2024 年 3 月 5 日 20:00"),
        ("America/New_York", "America/New_York", "2024 年 3 月 5 日 07:00"),
    ],
)
def test_the_preview_tells_times_in_the_zone_that_will_be_used(owner: Client, zone: str, told: str, day: str) -> None:
    if zone:
        do_found_community(name="纽约茶友", timezone=zone, at=clock.now())
    page = owner.get(look_url(owner, "时.json", chatlab())).content.decode()
    assert f"时间：{told}" in page
    assert day in page
    assert "UTC" not in page


def test_nobody_is_counted_on_the_groups_page_when_a_table_names_no_sender(owner: Client) -> None:
    lines = "".join(f"2024-03-05 20:{n:02},第{n}泡\n" for n in range(30))
    started(owner, f"时间,内容\n{lines}".encode(), "表.csv", col_time="时间", col_text="内容")
    past.step(clock.now())
    group = find_group_by_name("往事群")
    assert group is not None
    page = owner.get(f"/groups/{group.id}/").content.decode()
    assert "记录里没写是谁说的" in page
    assert "近 7 天 30 条" in page
    for claim in ("0 人说了", "这周没人说话"):
        assert claim not in page
