"""Whatever is handed over: nothing crashes, nothing is silently dropped, nothing is half written."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from qunying.communities.models import Community, Group
from qunying.kernel.errors import BadUse
from qunying.pipeline.models import ImportRun, SkippedLine
from tests.past.conftest import Import, counts
from tests.past.exports import came, chatlab, one_of_each, said, went, whatsapp, write
from tests.past.rows import count_messages, find_texts, left_in, texts_in

HTML = "<!doctype html><html><body><p>2024-03-05 早上好</p></body></html>"
KIB = 1024


def reasons(words: dict[str, object]) -> dict[str, int]:
    skipped = words["skipped"]
    assert isinstance(skipped, list)
    return {one["reason"]: one["count"] for one in skipped}


def test_everything_before_the_cut_is_kept_when_the_json_is_truncated(importing: Import, tmp_path: Path) -> None:
    whole = one_of_each(tmp_path)["discord"].read_text("utf-8")
    words = importing(write(tmp_path, "cut.json", whole[: int(len(whole) * 0.6)]))
    assert words["messages"] == len(texts_in("茶友群")) >= 3
    assert reasons(words) == {"cut_off": 1}
    assert [(line.file, line.reason) for line in SkippedLine.objects.all()] == [("cut.json", "cut_off")]


def test_everything_readable_is_kept_when_the_last_line_is_cut(importing: Import, tmp_path: Path) -> None:
    lines = chatlab([said(n) for n in range(6)])
    words = importing(write(tmp_path, "cut.jsonl", lines[:-30]))
    assert (words["messages"], reasons(words)) == (5, {"cut_off": 1})


def test_nothing_is_written_when_html_is_called_json(importing: Import, tmp_path: Path) -> None:
    with pytest.raises(BadUse, match=r"page\.json: unknown_format"):
        importing(write(tmp_path, "page.json", HTML))
    assert not Community.objects.exists()
    assert not ImportRun.objects.exists()


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-16-le", "utf-8-sig", "big5"])
def test_words_are_right_when_the_file_is_not_utf8(importing: Import, tmp_path: Path, encoding: str) -> None:
    text = (
        "05/03/2024, 09:02 - 小明: 早上好，今天開會\n05/03/2024, 09:03 - 阿強: 收到，謝謝大家\n15/03/2024, 09:03 - 阿強: 好的\n"
        * 3
    )
    importing(write(tmp_path, "chat.txt", text.encode(encoding)))
    assert texts_in("茶友群")[0] == "早上好，今天開會"


def test_a_mixed_folder_is_read_and_the_rest_is_named_when_formats_differ(importing: Import, tmp_path: Path) -> None:
    one_of_each(tmp_path)
    write(tmp_path, "说明.md", "# 这不是聊天记录")
    write(tmp_path, "page.json", HTML)
    write(tmp_path, "photo.jpg", b"\xff\xd8\xff")
    words = importing(tmp_path)
    assert len(words["format"].split("+")) == 9
    assert reasons(words) == {"unknown_format": 2}
    assert words["messages"] == sum(words["groups"].values())
    assert words["messages"] + words["notices"] == count_messages()
    assert importing(tmp_path)["messages"] == 0


def test_a_zip_is_read_when_it_holds_a_folder_in_a_folder(importing: Import, tmp_path: Path) -> None:
    made = one_of_each(tmp_path)
    with zipfile.ZipFile(tmp_path / "导出.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("chatlab", "discord"):
            archive.write(made[name], f"备份/内层/{made[name].name}")
        archive.writestr("备份/再来一个.zip", b"PK")
    words = importing(tmp_path / "导出.zip")
    assert (words["format"], words["messages"]) == ("chatlab+discord", 16)
    assert reasons(words) == {"not_readable": 1}


def test_a_zip_bomb_is_refused_when_it_would_fill_the_disk(importing: Import, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.json", "[" * KIB * KIB)
        archive.infolist()[0].file_size = 50 * 2**30
    with pytest.raises(BadUse, match="refused"):
        importing(tmp_path / "bomb.zip")
    assert not ImportRun.objects.exists()


def test_a_damaged_zip_is_refused_when_its_end_is_missing(importing: Import, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "ok.zip", "w") as archive:
        archive.writestr("a.jsonl", chatlab([said(1)]))
    with pytest.raises(BadUse):
        importing(write(tmp_path, "cut.zip", (tmp_path / "ok.zip").read_bytes()[:60]))


def test_the_answer_is_polite_when_two_gigabytes_say_nothing(importing: Import, tmp_path: Path) -> None:
    path = tmp_path / "huge.json"
    with path.open("wb") as file:
        file.truncate(2 * 2**30)
    with pytest.raises(BadUse, match=r"huge\.json: unknown_format"):
        importing(path)
    assert not ImportRun.objects.exists()


def test_a_text_of_100_kilobytes_is_kept_whole_when_somebody_pastes_it(importing: Import, tmp_path: Path) -> None:
    pasted = "长" * 100_000
    words = importing(write(tmp_path, "long.jsonl", chatlab([said(1, pasted), said(2, pasted + "更长")])))
    assert words["messages"] == 2
    assert [len(text) for text in texts_in("茶友群")] == [100_000, 100_000]


ODD = (
    "\x00零\x00",
    "\ud800半个",
    "半个\udfff",
    "\x1b[31m红\x07",
    "\u202e反着写",
    "行\r\n尾\u2028",
    "\U0010ffff",
    "a\u0301" * 300,
    "",
)


def test_odd_characters_are_kept_or_marked_when_somebody_types_them(importing: Import, tmp_path: Path) -> None:
    rows = [said(n, text) for n, text in enumerate(ODD)]
    rows.append(said(50, "名字也怪", accountName="坏\x00名\ud800字", sender="w\x00\udc00x"))
    rows.append(said(51, "编号也怪", platformMessageId="id\x00\ud800"))
    path = write(tmp_path, "odd.jsonl", "\n".join(_ascii(line) for line in chatlab(rows).split("\n")))
    words = importing(path)
    assert words["messages"] == len(ODD) + 2
    kept = texts_in("茶友群")
    assert [kept[0], kept[1], kept[2]] == ["\ufffd零\ufffd", "\ufffd半个", "半个\ufffd"]
    assert kept[3:8] == list(ODD[3:8])
    assert importing(path)["messages"] == 0


def _ascii(line: str) -> str:
    return "".join(sign if sign.isascii() else f"\\u{ord(sign):04x}" if ord(sign) < 0x10000 else sign for sign in line)


def test_nul_characters_are_marked_when_they_stand_in_a_text_file(importing: Import, tmp_path: Path) -> None:
    text = whatsapp(8).replace("收到收到", "早\x00好").replace("小美", "小\x00美")
    words = importing(write(tmp_path, "chat.txt", text))
    assert (words["messages"], words["notices"]) == (8, 1)
    assert "早\ufffd好" in texts_in("茶友群")


def test_nothing_is_lost_when_the_clock_goes_backwards(importing: Import, tmp_path: Path) -> None:
    rows = [said(n, timestamp=1_709_600_000 - 86_400 * n) for n in range(6)]
    words = importing(write(tmp_path, "back.jsonl", chatlab(rows)))
    assert words["messages"] == 6
    assert words["first_at"] < words["last_at"] == "2024-03-05T00:53:20+00:00"


def test_the_first_is_kept_when_two_texts_have_one_id(importing: Import, tmp_path: Path) -> None:
    rows = [said(1, "先说的"), said(2, "后说的", platformMessageId="m1"), said(3, "别的")]
    path = write(tmp_path, "twins.jsonl", chatlab(rows))
    words = importing(path)
    assert (words["messages"], words["duplicates"]) == (2, 1)
    assert texts_in("茶友群") == ["先说的", "别的"]
    assert counts(importing(path, group="另", dry_run=True))["duplicates"] == 1


def test_long_ids_stay_apart_when_only_their_ends_differ(importing: Import, tmp_path: Path) -> None:
    long = "编号" * 200
    rows = [said(1, "一", platformMessageId=f"{long}1"), said(2, "二", platformMessageId=f"{long}2")]
    rows += [said(3, "三", sender=f"{long}1"), said(4, "四", sender=f"{long}2")]
    words = importing(write(tmp_path, "long.jsonl", chatlab(rows)))
    assert (words["messages"], words["people"]) == (4, 4)


def test_members_come_and_go_when_the_system_lines_say_so(importing: Import, tmp_path: Path) -> None:
    rows = [came(1, "老王"), said(2), came(3, "小刚"), went(4, "老王"), went(5, "小刚"), came(6, "小刚")]
    words = importing(write(tmp_path, "moves.jsonl", chatlab(rows)))
    assert (words["joins"], words["leaves"]) == (3, 2)
    seats = {row[0]: row[6:9] for row in left_in("茶友群")[""]["memberships"]}
    old_wang, little_gang = (next(seat for who, seat in seats.items() if name in who) for name in ("老王", "小刚"))
    assert [moment and moment.minute for moment in old_wang[1:3]] == [54, 57]
    assert [moment and moment.minute for moment in little_gang[1:3]] == [59, None]
    assert (old_wang[0], little_gang[0]) == (False, True)


def test_words_are_found_when_they_were_imported(importing: Import, tmp_path: Path) -> None:
    importing(write(tmp_path, "a.jsonl", chatlab([said(n) for n in range(8)])))
    assert find_texts("七点上课") == ["今晚七点上课，链接稍后发😀"]


@pytest.mark.skipif(os.name != "posix", reason="names of files are text elsewhere")
def test_a_file_is_refused_when_its_name_cannot_be_written_down(importing: Import, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.jsonl"))
    path.write_text(chatlab([said(1)]), "utf-8")
    with pytest.raises(BadUse, match="改名"):
        importing(path)
    assert importing(tmp_path)["messages"] == 1


@pytest.mark.parametrize("group", ["", "  ", "长" * 101, "两\n行", "坏\x00名"])
def test_a_group_is_refused_when_nobody_could_call_it_that(importing: Import, tmp_path: Path, group: str) -> None:
    path = write(tmp_path, "a.jsonl", chatlab([said(1)]))
    for dry in (True, False):
        with pytest.raises(BadUse, match="群名"):
            importing(path, group=group, dry_run=dry)
    assert not Group.objects.exists()


def test_a_community_is_refused_when_the_group_is_in_another(importing: Import, tmp_path: Path) -> None:
    path = write(tmp_path, "a.jsonl", chatlab([said(1)]))
    importing(path, community="甲")
    with pytest.raises(BadUse, match="甲"):
        importing(path, community="乙")
    assert importing(path, community="甲")["duplicates"] == 1


def test_nothing_is_written_when_only_counting(importing: Import, tmp_path: Path) -> None:
    path = write(tmp_path, "chat.txt", whatsapp(60))
    importing(path, dry_run=True)
    assert not any(model.objects.exists() for model in (ImportRun, Community, Group))


def test_a_file_that_vanished_is_named_when_it_is_to_be_read(importing: Import, tmp_path: Path) -> None:
    with pytest.raises(BadUse, match="没有这个文件"):
        importing(tmp_path / "gone.json")


@pytest.mark.parametrize("columns", [["time"], ["nobody=时间"], ["time=没有这列"], ["text=内容", "time=不在"]])
def test_columns_are_refused_when_the_table_has_none_of_that_name(
    importing: Import, tmp_path: Path, columns: list[str]
) -> None:
    path = write(tmp_path, "a.csv", "甲,乙,丙\n2024/3/5 9:02,小美,早\n")
    with pytest.raises(BadUse):
        importing(path, column=columns)


def test_a_table_is_read_when_the_columns_are_told(importing: Import, tmp_path: Path) -> None:
    path = write(tmp_path, "a.csv", "甲,乙,丙\n2024/3/5 9:02,小美,早\n2024/3/5 9:03,阿强,晚\n")
    chosen = ["time=甲", "sender=乙", "text=丙"]
    assert importing(path, column=chosen, dry_run=True)["messages"] == 2
    assert importing(path, column=chosen)["messages"] == 2
    assert texts_in("茶友群") == ["早", "晚"]
