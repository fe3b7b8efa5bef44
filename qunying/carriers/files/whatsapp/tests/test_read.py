from __future__ import annotations

import json
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from qunying.carriers.files.formats import Choices
from qunying.carriers.files.records import (
    MessageKind,
    PastJoin,
    PastLeave,
    PastMessage,
    PastNotice,
    PersonRef,
    Skipped,
)
from qunying.carriers.files.sources import open_tree
from qunying.carriers.files.tests.reading import chat, data_folder, only, read_source, read_text, source_of, texts
from qunying.carriers.files.whatsapp import FORMAT

NNBSP, LRM = "\u202f", "\u200e"


def first_message(folder: Path, line: str) -> PastMessage:
    return only(PastMessage, read_text(FORMAT, folder, line + "\n"))[0]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("25/01/19, 15:04 - Anna: hi", datetime(2019, 1, 25, 15, 4)),
        ("1/25/19, 3:04 PM - Anna: hi", datetime(2019, 1, 25, 15, 4)),
        (f"1/25/19, 3:04{NNBSP}PM - Anna: hi", datetime(2019, 1, 25, 15, 4)),
        ("25.01.19, 15:04 - Anna: hi", datetime(2019, 1, 25, 15, 4)),
        ("25.1.2019 15.04 - Anna: hi", datetime(2019, 1, 25, 15, 4)),
        ("25-01-2019 15:04 - Anna: hi", datetime(2019, 1, 25, 15, 4)),
        ("2019-01-25, 15:04 - Anna: hi", datetime(2019, 1, 25, 15, 4)),
        ("25/1/2019, 3:04 p. m. - Anna: hi", datetime(2019, 1, 25, 15, 4)),
        (f"25/1/2019, 3:04\u00a0p.{NNBSP}m. - Anna: hi", datetime(2019, 1, 25, 15, 4)),
        ("25/01/2019 à 15:04 - Anna: hi", datetime(2019, 1, 25, 15, 4)),
        ("2019/1/25 下午3:04 - Anna: hi", datetime(2019, 1, 25, 15, 4)),
        ("2019/1/25, 下午 3:04 - Anna: hi", datetime(2019, 1, 25, 15, 4)),
        ("2019/1/25 凌晨12:04 - Anna: hi", datetime(2019, 1, 25, 0, 4)),
        ("2019/1/25 中午12:04 - Anna: hi", datetime(2019, 1, 25, 12, 4)),
        ("2019年1月25日 晚上9:04 - Anna: hi", datetime(2019, 1, 25, 21, 4)),
        ("2019. 1. 25. 오후 3:04 - Anna: hi", datetime(2019, 1, 25, 15, 4)),
        ("2019. 1. 25. 오전 12:04 - Anna: hi", datetime(2019, 1, 25, 0, 4)),
        ("[25/01/19, 15:04:05] Anna: hi", datetime(2019, 1, 25, 15, 4, 5)),
        (f"{LRM}[1/25/19, 3:04:05{NNBSP}PM] Anna: hi", datetime(2019, 1, 25, 15, 4, 5)),
        ("[25.01.19, 15:04:05] Anna: hi", datetime(2019, 1, 25, 15, 4, 5)),
        ("[2019/1/25 下午3:04:05] Anna: hi", datetime(2019, 1, 25, 15, 4, 5)),
        ("[2019. 1. 25. 오후 3:04:05] Anna: hi", datetime(2019, 1, 25, 15, 4, 5)),
        ("[25/01/19 15:04] Anna: hi", datetime(2019, 1, 25, 15, 4)),
        ("\u200f[٢٥\u200f/٠١\u200f/٢٠١٩ ٣:٠٤:٠٥ م] Anna: hi", datetime(2019, 1, 25, 15, 4, 5)),
        ("\ufeff25/01/19, 15:04 - Anna: hi", datetime(2019, 1, 25, 15, 4)),
        ("1/25/14, 11:25:03 AM: Anna: hi", datetime(2014, 1, 25, 11, 25, 3)),
    ],
)
def test_time_is_read_when_the_phone_speaks_another_language(tmp_path: Path, line: str, expected: datetime) -> None:
    message = first_message(tmp_path, line)
    assert (message.at, message.sender and message.sender.name, message.text) == (expected, "Anna", "hi")
    assert FORMAT.detect(line) >= 70


def test_order_is_said_uncertain_when_no_date_decides_it(tmp_path: Path) -> None:
    source = source_of(tmp_path, "01/02/20, 10:00 - A: x\n03/04/20, 10:00 - B: y\n")
    found = FORMAT.survey(source)
    assert (found.date_order, found.is_date_order_certain) == ("dmy", False)
    chosen = read_source(FORMAT, source, Choices(date_order="mdy"))
    assert [message.at for message in only(PastMessage, chosen)] == [datetime(2020, 1, 2, 10), datetime(2020, 3, 4, 10)]


def test_order_is_decided_when_only_the_last_date_of_the_file_tells(tmp_path: Path) -> None:
    lines = [f"01/02/20, 10:{minute:02} - A: x" for minute in range(60)] + ["01/13/20, 10:00 - A: y"]
    source = source_of(tmp_path, "\n".join(lines))
    assert (FORMAT.survey(source).date_order, FORMAT.survey(source).is_date_order_certain) == ("mdy", True)


def test_text_is_kept_whole_when_it_has_several_lines(tmp_path: Path) -> None:
    content = "13/01/20, 10:00 - 王小明 👨‍👩‍👧: 第一行\n\n第二行：注意\n12/2020 是年份\n13/01/20, 10:01 - עדי: שלום\n"
    records = read_text(FORMAT, tmp_path, content)
    assert texts(records) == ["第一行\n\n第二行：注意\n12/2020 是年份", "שלום"]
    assert [message.place for message in only(PastMessage, records)] == [1, 5]
    assert [m.sender.name for m in only(PastMessage, records) if m.sender] == ["王小明 👨‍👩‍👧", "עדי"]


def test_sentence_stays_text_when_it_only_begins_like_a_header(tmp_path: Path) -> None:
    content = "13/01/20, 10:00 - A: 会议\n14/01/20, 10:00 Uhr - bitte kommen: alle\n"
    assert texts(read_text(FORMAT, tmp_path, content)) == ["会议\n14/01/20, 10:00 Uhr - bitte kommen: alle"]


def test_header_is_skipped_when_its_date_is_impossible(tmp_path: Path) -> None:
    content = (
        "13/01/20, 10:00 - A: x\n45/01/20, 10:00 - A: lost\nmore\n14/01/20, 25:00 - A: late\n14/01/20, 10:00 - A: y\n"
    )
    records = read_text(FORMAT, tmp_path, content)
    assert [(s.reason, s.place) for s in only(Skipped, records)] == [
        ("bad_time", 2),
        ("bad_record", 3),
        ("bad_time", 4),
    ]
    assert texts(records) == ["x", "y"]


def test_sender_is_whole_when_the_name_has_a_colon(tmp_path: Path) -> None:
    content = "13/01/20, 10:00 - Work: Anna: hi\n13/01/20, 10:01 - Bob: note: x\n"
    content += "13/01/20, 10:02 - Work: Anna: again: yes\n13/01/20, 10:03 - Bob: plain\n13/01/20, 10:04 - a:b: z\n"
    found = [(m.sender.name, m.text) for m in only(PastMessage, read_text(FORMAT, tmp_path, content)) if m.sender]
    assert found == [
        ("Work: Anna", "hi"), ("Bob", "note: x"), ("Work: Anna", "again: yes"), ("Bob", "plain"), ("a:b", "z"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["每日更新", "创建者老王", "left", "Bob joined", "added"])
def test_person_speaks_when_the_name_sounds_like_a_system_line(tmp_path: Path, name: str) -> None:
    message = first_message(tmp_path, f"25/01/19, 15:04 - {name}: 大家好")
    assert message.sender == PersonRef(name)


def test_sender_is_a_number_when_not_in_the_contacts(tmp_path: Path) -> None:
    line = f"[25/01/19, 15:04:05] {LRM}~{NNBSP}小红: hi"
    message = first_message(tmp_path, line)
    assert message.sender == PersonRef("小红")
    other = first_message(tmp_path, "25/01/19, 15:04 - \u202a+86 138 0013 8000\u202c: hi")
    assert other.sender == PersonRef("+86 138 0013 8000")


@pytest.mark.parametrize(
    ("words", "people", "inviter", "via"),
    [
        ("Bob joined using this group's invite link", ["Bob"], None, "link"),
        ("Anna added Bob", ["Bob"], "Anna", "added"),
        ("You added A, B and C", ["A", "B", "C"], "You", "added"),
        ("You were added", ["You"], None, "added"),
        ('Anna created group "周末: 爬山"', ["Anna"], None, "created"),
        ("Bob ist über den Einladungslink dieser Gruppe beigetreten.", ["Bob"], None, "link"),
        ("Anna hat Bob hinzugefügt.", ["Bob"], "Anna", "added"),
        ("Du wurdest hinzugefügt.", ["Du"], None, "added"),
        ("Bob se unió usando el enlace de invitación de este grupo.", ["Bob"], None, "link"),
        ("Anna añadió a Bob", ["Bob"], "Anna", "added"),
        ("Anna te añadió", ["Tú"], "Anna", "added"),
        ("小明使用此群组的邀请链接加入了群组", ["小明"], None, "link"),
        ("小明 已透過邀請連結加入此群組", ["小明"], None, "link"),
        ("王芳添加了小明、小红和小刚", ["小明", "小红", "小刚"], "王芳", "added"),
        ("王芳 將 小明 加入群組", ["小明"], "王芳", "added"),
        ("王芳创建了群组“周末爬山”", ["王芳"], None, "created"),
    ],
)
def test_join_is_read_when_whatsapp_says_so(
    tmp_path: Path, words: str, people: list[str], inviter: str | None, via: str
) -> None:
    (join,) = only(PastJoin, read_text(FORMAT, tmp_path, f"25/01/19, 15:04 - {words}\n25/01/19, 15:05 - A: x: y\n"))
    assert [person.name for person in join.people] == people
    assert (join.inviter.name if join.inviter else None, join.via) == (inviter, via)


@pytest.mark.parametrize(
    ("words", "people", "operator"),
    [
        ("Bob left", ["Bob"], None),
        ("Anna removed Bob", ["Bob"], "Anna"),
        ("Bob was removed", ["Bob"], None),
        ("Bob hat die Gruppe verlassen.", ["Bob"], None),
        ("Anna hat Bob entfernt.", ["Bob"], "Anna"),
        ("Bob salió del grupo", ["Bob"], None),
        ("Anna eliminó a Bob", ["Bob"], "Anna"),
        ("小明退出了群组", ["小明"], None),
        ("小明 離開了", ["小明"], None),
        ("王芳移除了小明", ["小明"], "王芳"),
        ("王芳 已將 小明 移出群組", ["小明"], "王芳"),
    ],
)
def test_leave_is_read_when_whatsapp_says_so(
    tmp_path: Path, words: str, people: list[str], operator: str | None
) -> None:
    (leave,) = only(PastLeave, read_text(FORMAT, tmp_path, f"25/01/19, 15:04 - {words}\n"))
    assert [person.name for person in leave.people] == people
    assert (leave.operator.name if leave.operator else None) == operator


@pytest.mark.parametrize(
    "words",
    [
        "Messages and calls are end-to-end encrypted. No one outside of this chat can read them.",
        'Anna changed the subject from "A" to "B: C"',
        "Anna changed this group's icon",
        "You're now an admin",
        "小明更改了群组设置，允许所有成员添加其他成员",
        "Your security code with Bob changed. Tap to learn more.",
    ],
)
def test_words_are_kept_as_notice_when_nobody_came_or_went(tmp_path: Path, words: str) -> None:
    records = read_text(FORMAT, tmp_path, f"25/01/19, 15:04 - {words}\n25/01/19, 15:05 - A: x\n")
    assert [notice.text for notice in only(PastNotice, records)] == [words]
    assert texts(records) == ["x"]


def test_event_is_read_when_an_iphone_writes_it_under_the_name_of_the_group(tmp_path: Path) -> None:
    content = (
        f"[25/01/19, 15:04:05] 爬山群: {LRM}Messages and calls are end-to-end encrypted.\n"
        f"{LRM}[25/01/19, 15:04:06] 爬山群: {LRM}Anna added you\n"
        "[25/01/19, 15:04:07] Anna: Bob left\n"
    )
    records = read_text(FORMAT, tmp_path, content, "_chat.txt")
    assert [join.people[0].name for join in only(PastJoin, records)] == ["You"]
    assert texts(records) == ["Bob left"]


@pytest.mark.parametrize(
    ("body", "kind", "name", "text"),
    [
        ("<Media omitted>", MessageKind.OTHER, "", ""),
        ("<省略影音内容>", MessageKind.OTHER, "", ""),
        ("<Medien ausgeschlossen>", MessageKind.OTHER, "", ""),
        ("<Multimedia omitido>", MessageKind.OTHER, "", ""),
        (f"{LRM}image omitted", MessageKind.IMAGE, "", ""),
        ("Bild weggelassen", MessageKind.IMAGE, "", ""),
        (f"{LRM}sticker omitido", MessageKind.STICKER, "", ""),
        (f"{LRM}视频已省略", MessageKind.VIDEO, "", ""),
        (f"报名表.pdf • 3 pages {LRM}document omitted", MessageKind.FILE, "报名表.pdf • 3 pages", ""),
        ("IMG-20190125-WA0001.jpg (file attached)", MessageKind.IMAGE, "IMG-20190125-WA0001.jpg", ""),
        (f"{LRM}PTT-20190125-WA0002.opus (Datei angehängt)", MessageKind.VOICE, "PTT-20190125-WA0002.opus", ""),
        ("报名表.xlsx (文件附件)", MessageKind.FILE, "报名表.xlsx", ""),
        ("IMG-1.jpg (archivo adjunto)\n看这张", MessageKind.IMAGE, "IMG-1.jpg", "看这张"),
        (f"{LRM}<attached: 00000012-STICKER-2019.webp>", MessageKind.STICKER, "00000012-STICKER-2019.webp", ""),
        (f"{LRM}<附件：00000012-PHOTO-2019.jpg>", MessageKind.IMAGE, "00000012-PHOTO-2019.jpg", ""),
        ("小王.vcf (file attached)", MessageKind.CONTACT, "小王.vcf", ""),
    ],
)
def test_media_is_named_when_the_export_marks_it(
    tmp_path: Path, body: str, kind: MessageKind, name: str, text: str
) -> None:
    message = first_message(tmp_path, f"25/01/19, 15:04 - Anna: {body}")
    assert (message.kind, message.text) == (kind, text)
    assert [(media.kind, media.name) for media in message.media] == [(kind, name)]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("POLL:\nWann?\nOPTION: Mo (3 votes)", MessageKind.POLL),
        ("location: https://maps.google.com/?q=31.2,121.4", MessageKind.LOCATION),
        ("位置： https://maps.google.com/?q=31.2,121.4", MessageKind.LOCATION),
        ("Missed voice call", MessageKind.CALL),
        ("the image omitted nothing", MessageKind.TEXT),
        ("我说 (文件附件) 在这", MessageKind.TEXT),
        ("a < b > c", MessageKind.TEXT),
    ],
)
def test_words_are_kept_when_the_kind_is_told_in_words(tmp_path: Path, body: str, kind: MessageKind) -> None:
    message = first_message(tmp_path, f"25/01/19, 15:04 - Anna: {body}")
    assert (message.kind, message.text) == (kind, body)


@pytest.mark.parametrize(
    "mark",
    ["This message was deleted", "You deleted this message.", "Diese Nachricht wurde gelöscht.", "Se eliminó este mensaje.",
     "此消息已删除", "此訊息已刪除", f"{LRM}This message was deleted."],
)  # fmt: skip
def test_message_is_recalled_when_only_the_mark_is_left(tmp_path: Path, mark: str) -> None:
    assert first_message(tmp_path, f"25/01/19, 15:04 - Anna: {mark}").is_recalled


@pytest.mark.parametrize(
    "mark",
    [
        f" {LRM}<This message was edited>",
        " <Diese Nachricht wurde bearbeitet.>",
        " <Se editó este mensaje.>",
        " <此消息已编辑>",
    ],
)
def test_message_is_edited_when_the_mark_follows_the_words(tmp_path: Path, mark: str) -> None:
    message = first_message(tmp_path, f"25/01/19, 15:04 - Anna: 改成八点{mark}")
    assert (message.text, message.edited_at) == ("改成八点", message.at)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("WhatsApp Chat with 爬山群.txt", "爬山群"),
        ("WhatsApp Chat with A (1).txt", "A"),
        ("与爬山群的 WhatsApp 聊天.txt", "爬山群"),
        ("與爬山群的 WhatsApp 對話.txt", "爬山群"),
        ("WhatsApp Chat mit Wandern.txt", "Wandern"),
        ("Chat de WhatsApp con Montaña.txt", "Montaña"),
        ("_chat.txt", ""),
    ],
)
def test_chat_is_named_when_the_file_name_tells(tmp_path: Path, name: str, expected: str) -> None:
    content = "25/01/19, 15:04 - Anna: x\n25/01/19, 15:05 - Bob left\n"
    assert chat(read_text(FORMAT, tmp_path, content, name)).name == expected


def test_chat_is_named_by_the_zip_when_the_file_is_called_chat(tmp_path: Path) -> None:
    path = tmp_path / "WhatsApp Chat - 爬山群.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("_chat.txt", "[25/01/19, 15:04:05] Anna: x\n")
    (source,) = open_tree(path).sources
    assert chat(read_source(FORMAT, source)).name == "爬山群"


def test_chat_is_private_when_it_is_called_like_the_other_person(tmp_path: Path) -> None:
    talk = "25/01/19, 15:04 - Anna: x\n25/01/19, 15:05 - Ich: y\n"
    assert chat(read_text(FORMAT, tmp_path, talk, "WhatsApp Chat with Anna.txt")).is_private
    group = talk + "25/01/19, 15:06 - Anna added Bob\n"
    assert not chat(read_text(FORMAT, tmp_path, group, "WhatsApp Chat with Anna.txt")).is_private


def test_marks_stay_text_when_somebody_writes_them_a_thousand_times(tmp_path: Path) -> None:
    message = first_message(tmp_path, "25/01/19, 15:04 - A: " + "<This message was edited>" * 2000)
    assert message.text == "<This message was edited>" * 1999


def test_long_text_is_cut_and_said_when_beyond_the_limit(tmp_path: Path) -> None:
    records = read_text(FORMAT, tmp_path, "25/01/19, 15:04 - A: x\n" + "长" * 300_000 + "\n25/01/19, 15:05 - A: y\n")
    assert [len(text) for text in texts(records)] == [100_000, 1]
    assert [(skipped.reason, skipped.place) for skipped in only(Skipped, records)] == [("too_long", 1)]


VARIANTS = ("[mmddyy]_24hrs", "ddmmyy_24hrs", "mmddyy_24hrs", "mmddyyyy_12hrs", "yyyymmdd_24hrs")


@pytest.mark.parametrize("variant", VARIANTS)
def test_messages_equal_the_published_target_when_dates_are_written_either_way(variant: str) -> None:
    folder = data_folder("native_exports/chat_miner/whatsapp")
    source = open_tree(folder).find(f"test_{variant}.txt")
    assert source is not None
    target = json.loads((folder / "target.json").read_text())
    found = [
        {"timestamp": m.at.isoformat(), "author": m.sender and m.sender.name, "message": m.text.replace("\n", " ")}
        for m in only(PastMessage, read_source(FORMAT, source))
    ]
    assert found == target[::-1]
    assert FORMAT.survey(source).is_date_order_certain
