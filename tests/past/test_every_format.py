"""Every format, end to end: read once everything is new, read twice nothing is, read dry the counts are the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from qunying.carriers.files.discovery import FORMATS
from tests.past.conftest import Import, counts, data
from tests.past.exports import chatlog, one_of_each, qq_txt, write
from tests.past.rows import count_messages, left_in, texts_in

REAL: dict[str, tuple[str, int | None]] = {
    "slack": ("native_exports/slack_export", 150),
    "telegram": ("native_exports/telegram_desktop/result_group.json", 39),
    "telegram of two accounts": ("native_exports/chat_miner/telegram/test_batch_export.json", None),
    "telegram-cli": ("native_exports/telegram_cli/example_supergroup.jsonl", 62),
    "whatsapp": ("native_exports/whatsapp_whatstk/lorem-2000.txt", 2000),
    "signal": ("native_exports/chat_miner/signal/test_export.txt", 2),
    "instagram": ("native_exports/chat_miner/instagram/test_export.json", 2),
}
MADE = ("chatlab", "chatlog", "qq_txt", "qqchatexporter", "weflow", "wecom", "discord", "matrix", "generic_csv")
OTHERS = ("slack", "telegram", "whatsapp", "signal", "instagram", "gitter", "irc")


def check_twice(importing: Import, path: Path, expected: int | None = None) -> None:
    """Dry, once, twice; and dry again tells the same as before, because it counts for an empty group."""
    dry = importing(path, dry_run=True)
    assert count_messages() == 0
    first = importing(path)
    assert counts(dry) == counts(first)
    kept = first["messages"] + first["notices"]
    assert kept == count_messages() > 0
    assert expected is None or kept == expected
    before = left_in("茶友群")
    again = importing(path)
    assert (again["messages"], again["notices"], again["joins"], again["leaves"]) == (0, 0, 0, 0)
    assert again["duplicates"] == kept + first["joins"] + first["leaves"] + first["duplicates"]
    assert left_in("茶友群") == before


@pytest.mark.parametrize("name", MADE)
def test_nothing_is_new_when_a_small_export_is_read_again(importing: Import, tmp_path: Path, name: str) -> None:
    path = one_of_each(tmp_path)[name]
    assert importing(path, dry_run=True)["format"] == name
    check_twice(importing, path)


@pytest.mark.parametrize("name", REAL)
def test_nothing_is_new_when_a_real_export_is_read_again(importing: Import, name: str) -> None:
    inner, expected = REAL[name]
    check_twice(importing, data(inner), expected)


def test_nothing_is_new_when_a_folder_of_irc_days_is_read_again(importing: Import, tmp_path: Path) -> None:
    for path in sorted(data("irc_disentangle/dev").glob("*.ascii.txt"))[:4]:
        write(tmp_path, f"ubuntu/{path.name[:10]}.log", path.read_bytes())
    check_twice(importing, tmp_path / "ubuntu")


def test_nothing_is_new_when_a_part_of_the_gitter_room_is_read_again(importing: Import, tmp_path: Path) -> None:
    lines = data("gitter_livechat/raw/gitter_gitter_chatFormat.ascii.txt").read_text("utf-8").splitlines()[:3000]
    check_twice(importing, write(tmp_path, "room.txt", "\n".join(lines)))


def test_no_format_is_forgotten_when_they_are_read_end_to_end() -> None:
    assert sorted({*MADE, *OTHERS}) == sorted(known.name for known in FORMATS)


def test_every_chat_has_its_group_when_a_workspace_is_read(importing: Import) -> None:
    words = importing(data("native_exports/slack_export"), group="学生项目")
    assert words["groups"] == {"学生项目 / enrique": 96, "学生项目 / traveling-sailor": 51}
    assert set(left_in("学生项目")) == {" / enrique", " / traveling-sailor"}


def test_private_chats_are_left_out_when_a_whole_account_is_read(importing: Import, tmp_path: Path) -> None:
    rows = chatlog(
        [
            ("1@chatroom", "读书会"),
            ("wxid_q", "阿强"),
            ("1@chatroom", "读书会"),
            ("2@chatroom", "书友"),
            ("wxid_q", "阿强"),
        ]
    )
    words = importing(write(tmp_path, "all.json", rows))
    assert words["groups"] == {"茶友群 / 读书会": 2, "茶友群 / 书友": 1}
    assert words["skipped"] == [{"reason": "private_chat", "count": 2, "example_line": ""}]
    assert counts(importing(write(tmp_path, "all.json", rows), group="空", dry_run=True))["groups"] == {
        "空 / 读书会": 2,
        "空 / 书友": 1,
    }


def test_a_private_chat_is_read_when_the_file_holds_nothing_else(importing: Import, tmp_path: Path) -> None:
    words = importing(write(tmp_path, "one.json", chatlog([("wxid_q", "阿强")] * 3)))
    assert (words["groups"], words["skipped"]) == ({"茶友群": 3}, [])


def test_later_private_chats_are_left_out_when_qq_writes_several_into_one_text(
    importing: Import, tmp_path: Path
) -> None:
    text = qq_txt(("我的QQ群", "徒步群"), ("我的好友", "老王"), ("我的QQ群", "摄影群"))
    words = importing(write(tmp_path, "全部消息记录.txt", text))
    assert words["groups"] == {"茶友群 / 徒步群": 3, "茶友群 / 摄影群": 3}
    assert [(one["reason"], one["count"]) for one in words["skipped"]] == [("private_chat", 3)]


def test_groups_of_one_name_stay_apart_when_their_references_differ(importing: Import, tmp_path: Path) -> None:
    rows = chatlog([("1@chatroom", "同名群"), ("2@chatroom", "同名群"), ("1@chatroom", "同名群")])
    path = write(tmp_path, "all.json", rows)
    assert importing(path)["groups"] == {"茶友群 / 同名群": 2, "茶友群 / 同名群 #2@chatroom": 1}
    assert importing(path)["messages"] == 0


def test_the_group_keeps_its_messages_when_a_second_chat_turns_up_later(importing: Import, tmp_path: Path) -> None:
    first, second = (
        chatlog([("1@chatroom", "读书会")] * 3),
        chatlog([("1@chatroom", "读书会"), ("2@chatroom", "书友")] * 3),
    )
    assert importing(write(tmp_path, "1.json", first))["groups"] == {"茶友群": 3}
    assert importing(write(tmp_path, "2.json", second))["groups"] == {"茶友群 / 读书会": 1, "茶友群 / 书友": 3}
    assert len(texts_in("茶友群 / 读书会")) == 4


def test_the_name_is_free_again_when_its_group_became_one_of_a_family(importing: Import, tmp_path: Path) -> None:
    several = chatlog([("1@chatroom", "读书会"), ("2@chatroom", "书友")])
    importing(write(tmp_path, "1.json", several))
    assert importing(write(tmp_path, "2.json", chatlog([("3@chatroom", "新群")])))["groups"] == {"茶友群": 1}
