"""System lines name people without their ids; an import must not make two people of one."""

from __future__ import annotations

import json
from pathlib import Path

from qunying.people.models import Membership
from tests.past.conftest import Import
from tests.past.exports import chatlab, said, write

BROUGHT = '"阿强"邀请"小美🌸"加入了群聊'


def seats() -> list[tuple[str, str | None, int, bool]]:
    """Carrier reference, inviter, messages and presence of everybody."""
    rows = Membership.objects.order_by("identity__ref")
    seats: list[tuple[str, str | None, int, bool]] = list(
        rows.values_list("identity__ref", "inviter__ref", "messages", "is_present")
    )
    return seats


def test_the_newcomer_is_the_speaker_when_a_system_line_brings_them_by_name(importing: Import, tmp_path: Path) -> None:
    rows = [said(0, BROUGHT, type=80, sender="system", accountName="系统"), said(4, "大家好"), said(1, "欢迎")]
    words = importing(write(tmp_path, "chat.jsonl", chatlab(rows)))
    assert (words["people"], words["joins"], words["messages"]) == (2, 1, 2)
    assert seats() == [("wxid_mei", "wxid_qiang", 1, True), ("wxid_qiang", None, 1, True)]


def test_whoever_was_removed_is_gone_when_the_line_tells_their_card(importing: Import, tmp_path: Path) -> None:
    rows = [
        said(0, "在", groupNickname="上海-小美"),
        said(1, "在"),
        said(2, '"阿强"将"上海-小美"移出了群聊', type=80, sender="system", accountName="系统"),
    ]
    assert importing(write(tmp_path, "chat.jsonl", chatlab(rows)), dry_run=True)["people"] == 2
    words = importing(write(tmp_path, "chat.jsonl", chatlab(rows)))
    assert (words["people"], words["leaves"]) == (2, 1)
    assert seats() == [("wxid_mei", None, 1, False), ("wxid_qiang", None, 1, True)]


def test_nobody_is_guessed_when_two_people_bear_the_name(importing: Import, tmp_path: Path) -> None:
    rows = [
        said(0, BROUGHT, type=80, sender="system", accountName="系统"),
        said(4, "我是小美"),
        said(8, "我也是", sender="wxid_other"),
    ]
    assert importing(write(tmp_path, "chat.jsonl", chatlab(rows)))["people"] == 4


def test_a_join_stays_one_when_a_later_export_knows_who_came(importing: Import, tmp_path: Path) -> None:
    rows = [said(0, BROUGHT, type=80, sender="system", accountName="系统"), said(1, "欢迎")]
    assert importing(write(tmp_path, "march.jsonl", chatlab(rows)))["joins"] == 1
    again = importing(write(tmp_path, "april.jsonl", chatlab([*rows, said(4, "大家好")])))
    assert (again["joins"], again["messages"]) == (0, 1)


def test_telegram_members_are_their_accounts_when_service_rows_give_names(importing: Import, tmp_path: Path) -> None:
    def row(number: int, **words: object) -> dict[str, object]:
        return {"id": number, "date_unixtime": str(1709254800 + number), "text": "", **words}

    founder = {"type": "service", "actor": "老王", "actor_id": "user1"}
    rows = [
        row(1, action="create_group", title="读书会", members=["老王", "小李", None], **founder),
        row(2, type="message", **{"from": "小李", "from_id": "user2"}, text="到了"),
        row(3, action="join_group_by_link", inviter="老王", type="service", actor="Zoë", actor_id="user3"),
        row(4, action="remove_members", members=["Zoë"], **founder),
        row(5, action="pin_message", message_id=2, **founder),
    ]
    content = {"name": "读书会", "type": "private_supergroup", "id": 1, "messages": rows}
    words = importing(write(tmp_path, "result.json", json.dumps(content, ensure_ascii=False)))
    assert (words["people"], words["messages"], words["notices"]) == (3, 1, 1)
    assert (words["first_at"], words["last_at"]) == ("2024-03-01T01:00:02+00:00",) * 2
    assert seats() == [("user1", None, 0, True), ("user2", "user1", 1, True), ("user3", "user1", 0, False)]


def test_an_anonymous_sender_is_not_taken_for_a_member_when_the_name_is_theirs(
    importing: Import, tmp_path: Path
) -> None:
    rows = [said(0, "我是小美"), said(4, "匿名说话", sender="", accountName="小美🌸")]
    assert importing(write(tmp_path, "chat.jsonl", chatlab(rows)))["people"] == 2


def test_a_member_of_two_chats_is_one_person_when_they_come_from_one_export(importing: Import, tmp_path: Path) -> None:
    rows = chatlab([said(0), said(1, sender="", accountName="只有名字")])
    write(tmp_path, "labs/one.jsonl", rows)
    write(tmp_path, "labs/two.jsonl", rows.replace("千人茶友群", "百人茶友群").replace('"g1"', '"g2"'))
    for options in ({"dry_run": True}, {}, {}):
        assert importing(tmp_path / "labs", **options)["people"] == 3
