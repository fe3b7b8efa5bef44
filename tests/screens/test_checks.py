"""A message's page says what order looked at in it and what came of it, also where that was nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from qunying.carriers.sandbox.pictures import do_put_up_shelf
from qunying.communities.actions import do_set_mode
from qunying.journal.models import Fact
from qunying.kernel import clock
from qunying.kernel.scene import Mode
from qunying.people.models import Identity, Membership
from qunying.talk.models import Message
from tests import cast, pictures
from tests.screens.community_pages import page

pytestmark = pytest.mark.django_db
AD = "加我微信 abc_123，免费领资料"


def shown(client: Client, tea: cast.Tea, key: str) -> str:
    """The page of the message with that key."""
    return page(client, "group-message", tea.first, Message.objects.get(source_key=key).pk)


def test_each_look_is_told_when_a_newcomer_advertises(tea: cast.Tea, owner: Client) -> None:
    cast.arrive([cast.join("j1", "chen"), cast.message("m1", "chen", AD), cast.message("m2", "an", "早")])
    cast.told()
    html = shown(owner, tea, "m1")
    assert "秩序看了什么" in html
    assert "联系方式 +40，招揽的话 +50，新人 +15" in html
    assert "<mark>加我微信 abc_123</mark>" in html
    assert "没有吵架" in html
    assert "按当时记下的算" in html
    quiet = shown(owner, tea, "m2")
    assert "没有看到要把人往外拉的东西" in quiet
    assert quiet.count('<span class="score">否') == 12


def test_what_speaks_against_is_told_when_a_newcomer_reports(tea: cast.Tea, owner: Client) -> None:
    cast.arrive([cast.join("j1", "chen"), cast.message("m1", "chen", f"有人发「{AD}」，是骗子，别加")])
    cast.told()
    assert "在举报、提醒别人 −60" in shown(owner, tea, "m1")


def test_the_code_is_told_when_a_picture_was_read(tea: cast.Tea, owner: Client, tmp_path: Path) -> None:
    do_put_up_shelf(tmp_path)
    (tmp_path / "poster.png").write_bytes(pictures.poster())
    media = [{"kind": "image", "name": "poster.png", "url": "poster.png"}]
    cast.arrive([cast.join("j1", "chen"), cast.message("m1", "chen", "", kind="image", media=media)])
    cast.worked()
    assert "有图片；没有看，或者看了没有码" in shown(owner, tea, "m1")
    cast.told()
    html = shown(owner, tea, "m1")
    assert "里面有加人或进群的二维码" in html
    assert "图里的二维码 +40，新人 +15" in html


def test_nobody_is_looked_at_who_is_staff_and_nothing_is_said_of_our_own_words(tea: cast.Tea, owner: Client) -> None:
    cast.arrive([cast.message("m1", "li", AD), cast.message("m2", "qunying", "欢迎", is_own=True)])
    cast.told()
    assert "是同事，说什么都不查" in shown(owner, tea, "m1")
    assert "秩序看了什么" not in shown(owner, tea, "m2")


def test_it_is_said_that_order_is_off_and_others_are_forgotten(tea: cast.Tea, owner: Client) -> None:
    do_set_mode("order", Mode.OFF, community_id=tea.community_id, at=clock.now(), actor="system")
    cast.arrive([cast.message("m1", "an", AD)], at=clock.now() - timedelta(days=9))
    cast.told()
    html = shown(owner, tea, "m1")
    assert "这个群里关着" in html
    assert "已经不记得了" in html


def test_nothing_is_written_when_it_is_looked_at(tea: cast.Tea, owner: Client) -> None:
    cast.arrive([cast.message("m1", "an", AD, mentions=["nobody-known"])])
    cast.told()
    before = [model.objects.count() for model in (Identity, Membership, Fact, Message)]
    shown(owner, tea, "m1")
    assert [model.objects.count() for model in (Identity, Membership, Fact, Message)] == before


def test_it_is_told_in_english_when_that_is_read(tea: cast.Tea, owner: Client) -> None:
    cast.arrive([cast.join("j1", "chen"), cast.message("m1", "chen", AD)])
    cast.told()
    address = reverse("console:group-message", args=[tea.first, Message.objects.get(source_key="m1").pk])
    html = owner.get(address, headers={"Accept-Language": "en"}).content.decode()
    assert "Order: what was looked at" in html
    assert "contact +40, words of advertising +50, newcomer +15" in html


def test_both_decisions_stand_beside_a_message_when_its_picture_was_read(
    tea: cast.Tea, owner: Client, tmp_path: Path
) -> None:
    do_put_up_shelf(tmp_path)
    (tmp_path / "poster.png").write_bytes(pictures.poster())
    media = [{"kind": "image", "name": "poster.png", "url": "poster.png"}]
    cast.arrive([cast.join("j1", "chen"), cast.message("m1", "chen", "招兼职，扫码进群", kind="image", media=media)])
    cast.worked()
    waiting = page(owner, "group", tea.first)
    assert "先看看里面有没有二维码" in waiting
    assert "撤回消息" not in waiting
    cast.told()
    html = page(owner, "group", tea.first)
    assert "先看看里面有没有二维码" in html
    assert html.count("<span>撤回消息</span>") == 2, "beside the message and in its popover, and nowhere else"
    assert "「陈晨」在发广告或拉人" in html
    assert "每一项都看了什么" in html
