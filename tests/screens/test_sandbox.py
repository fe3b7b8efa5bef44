"""The sandbox: labs that copy a group, playing in them, what is decided, and the drill that comes out."""

from __future__ import annotations

import re
from datetime import time
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from qunying.communities.actions import do_change_community, do_set_mode, do_set_settings
from qunying.journal.listing import FactWish, count_wished_facts
from qunying.kernel import clock
from qunying.kernel.scene import Mode
from qunying.outbox.queries import list_items
from qunying.pipeline.drill.expect import check_expectations, deadline, judge
from qunying.pipeline.drill.play import play as play_drill
from qunying.pipeline.drill.script import read_script
from qunying.pipeline.drill.worlds import fresh_world
from qunying.pipeline.lab import labs
from qunying.pipeline.lab.labs import Lab, find_lab
from qunying.pipeline.roster import ROSTER
from tests import cast, pictures
from tests.screens.conftest import signed_in_as

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
HOSTILE = '"><img src=x onerror=alert(1)> ‮ 👩‍👩‍👧‍👦{names}'
HTMX = {"HX-Request": "true"}


def open_lab(client: Client, group_id: int | str = "") -> str:
    """Opens a lab like that group (or a blank one); answers its token."""
    response = client.post(reverse("console:sandbox-open"), {"group": group_id})
    assert response.status_code == 302
    return str(response["Location"]).strip("/").rpartition("/")[2]


def play(client: Client, token: str, status: int = 302, who: str = "", **words: object) -> str:
    """Does something in a lab, in the part of ``who``; answers the page it shows then."""
    response = client.post(reverse("console:sandbox-play", args=[token]), {**words, "as": who})
    assert response.status_code == status
    return shown(client, token) if status == 302 else response.content.decode()


def shown(client: Client, token: str, query: str = "") -> str:
    """The lab's page."""
    response = client.get(reverse("console:sandbox-lab", args=[token]) + query)
    assert response.status_code == 200
    return response.content.decode()


def lab_of(token: str) -> Lab:
    """The lab as it is kept."""
    lab = find_lab(token)
    assert lab is not None
    return lab


def test_choosing_is_taught_when_there_is_no_lab_and_no_group(owner: Client) -> None:
    html = owner.get(reverse("console:sandbox")).content.decode()
    assert "空白的试群" in html
    assert "我的试群" not in html


def test_a_code_counts_when_a_newcomer_shows_it_and_not_when_it_is_the_picture_of_staff(
    tea: cast.Tea, owner: Client
) -> None:
    do_set_mode("order", Mode.ACT, community_id=tea.community_id, at=clock.now(), actor="system")
    token = open_lab(owner, tea.first)
    newcomer = next(person.ref for person in lab_of(token).cast if person.kind == "newcomer")
    staff = next(person.ref for person in lab_of(token).cast if person.kind == "staff")
    play(owner, token, do="join", who=newcomer)
    poster = SimpleUploadedFile("qr.png", pictures.poster())
    html = play(owner, token, text="招兼职，扫码进群", picture=poster, who=newcomer)
    assert "在发广告或拉人" in html
    play(owner, token, picture=SimpleUploadedFile("ours.png", pictures.poster("https://u.wechat.com/ours")), who=staff)
    again = SimpleUploadedFile("copy.png", pictures.poster("https://u.wechat.com/ours"))
    assert "转的是同事发过的图片" in play(owner, token, picture=again, who=newcomer)


def test_the_last_lab_opens_when_the_sandbox_is_asked_for(tea: cast.Tea, owner: Client) -> None:
    open_lab(owner)
    token = open_lab(owner, tea.first)
    assert owner.get(reverse("console:sandbox"))["Location"] == f"/sandbox/{token}/"


def test_groups_are_found_by_every_word_when_a_part_is_asked_for(tea: cast.Tea, owner: Client) -> None:
    html = owner.get(reverse("console:sandbox"), {"q": "茶友会 2群"}, headers=HTMX).content.decode()
    assert "茶友会2群" in html
    assert "茶友会1群" not in html
    assert html.strip().startswith("<ul")


def test_a_lab_is_like_its_group_when_it_is_opened(tea: cast.Tea, owner: Client) -> None:
    at = clock.now()
    do_set_mode("onboarding", Mode.SUGGEST, community_id=tea.community_id, group_id=tea.first, at=at, actor="system")
    for settings, group in (({"rules": ["不发广告"]}, None), ({"rules": ["先爬楼"], "wait_minutes": 7}, tea.first)):
        do_set_settings("onboarding", settings, community_id=tea.community_id, group_id=group, at=at, actor="system")

    lab = lab_of(open_lab(owner, tea.first))

    assert lab.group_name == "茶友会1群"
    assert lab.modes == {"order": "act", "onboarding": "suggest", "rules": "act", "incidents": "act"}
    assert lab.settings == {"onboarding": {"rules": ["不发广告", "先爬楼"], "wait_minutes": 7}}
    assert [person.name for person in lab.cast if person.duty] == ["小李"]
    assert not {"安安", "阿博"} & {person.name for person in lab.cast}


def test_a_newcomer_is_welcomed_when_time_goes_by(tea: cast.Tea, owner: Client) -> None:
    token = open_lab(owner, tea.first)
    html = play(owner, token, do="join", who="newcomer")
    assert "进群了" in html
    assert "「小满」刚进群，等 3 分钟，和后面来的一起欢迎" in html

    html = play(owner, token, do="pass:600")
    assert "欢迎 小满 来到「茶友会1群」" in html
    assert "演练，没有真的发出" in html
    assert "等够了，一起欢迎 1 位" in html
    assert "分钟后</time>" not in html  # the lab's time is its own, not so far from ours


def test_nothing_reaches_the_house_when_a_lab_is_played(tea: cast.Tea, owner: Client) -> None:
    before = count_wished_facts(FactWish(None))
    token = open_lab(owner, tea.first)
    play(owner, token, scene="ten")
    assert "等 10 位" in shown(owner, token) or "夏至" in shown(owner, token)
    assert count_wished_facts(FactWish(None)) == before
    assert list_items(tea.community_id) == []
    assert connection.settings_dict["NAME"] != str(labs.world_of(token))


def test_words_and_names_are_shown_as_typed_when_they_are_hostile(tea: cast.Tea, owner: Client) -> None:
    token = open_lab(owner, tea.first)
    response = owner.post(reverse("console:sandbox-person", args=[token]), {"name": HOSTILE[:60], "is_present": "on"})
    assert response.status_code == 302
    owner.get(response["Location"])
    html = play(owner, token, text=HOSTILE)
    assert "<img src=x" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html
    play(owner, token, do="leave")
    html = play(owner, token, do="join")
    assert "<img src=x" not in play(owner, token, do="pass:600")


def test_a_message_is_answered_changed_and_withdrawn_when_its_author_acts(tea: cast.Tea, owner: Client) -> None:
    token = open_lab(owner, tea.first)
    play(owner, token, text="今晚茶桌喝什么？", who="old")
    assert "今晚茶桌喝什么？" in shown(owner, token, "?reply=0")
    html = play(owner, token, text="白茶 @老周", reply_to="0", who="member")
    assert lab_of(token).lines[1]["mention"] == ["old"]
    assert '<p class="quote"><bdi>今晚茶桌喝什么？' in html
    html = play(owner, token, text="今晚喝什么？", edit="0", who="old")
    assert "改过" in html
    html = play(owner, token, do="recall:0", who="old")
    assert "已撤回" in html


def test_a_refusal_keeps_the_words_when_somebody_may_not(tea: cast.Tea, owner: Client) -> None:
    token = open_lab(owner, tea.first)
    html = play(owner, token, 422, text="我先说一句", who="newcomer")
    assert "「小满」不在群里，先让他进群" in html
    assert ">我先说一句</textarea>" in html
    assert "一个字也没写" in play(owner, token, 422, text="   ", who="old")
    assert "没看懂" in play(owner, token, 422, do="dance")
    play(owner, token, text="我的话", who="old")
    assert "只能改自己说的话" in play(owner, token, 422, text="你的话", edit="0", who="member")
    assert "只能改自己说的话" in play(owner, token, 422, do="recall:0", who="member")
    assert "不是管理员" in play(owner, token, 422, do="kick:old", who="member")
    assert "没看懂要快进多久" in play(owner, token, 422, do="pass:-5")
    assert [line.get("say") for line in lab_of(token).lines] == ["我的话"]


def test_staff_remove_somebody_when_they_are_played(tea: cast.Tea, owner: Client) -> None:
    token = open_lab(owner, tea.first)
    assert "被移出了" in play(owner, token, do="kick:old", who="staff1")


def test_a_picture_is_kept_and_shown_when_it_is_one(tea: cast.Tea, owner: Client) -> None:
    token = open_lab(owner, tea.first)
    html = play(owner, token, picture=SimpleUploadedFile("qr.png", PNG), who="old")
    address = re.search(rf"/sandbox/{token}/picture/[0-9a-f]+\.png", html)
    assert address
    response = owner.get(address[0])
    assert (response["Content-Type"], response.content) == ("image/png", PNG)
    assert signed_in_as("someone", "owner").get(address[0]).status_code == 404
    svg = SimpleUploadedFile("x.png", b"<svg onload=alert(1)>")
    assert "只收 PNG" in play(owner, token, 422, picture=svg, who="old")
    assert owner.get(reverse("console:sandbox-picture", args=[token, "..%2Flab.json"])).status_code == 404


def test_the_stage_comes_alone_when_htmx_asks(tea: cast.Tea, owner: Client) -> None:
    token = open_lab(owner, tea.first)
    html = owner.get(reverse("console:sandbox-lab", args=[token]) + "?as=member", headers=HTMX).content.decode()
    assert html.strip().startswith('<div id="sandbox-stage">')
    assert "以「阿茗」说" in html
    assert lab_of(token).playing == "member"


def test_what_would_be_said_is_shown_when_the_mode_only_watches(tea: cast.Tea, owner: Client) -> None:
    do_set_mode("onboarding", Mode.OBSERVE, community_id=tea.community_id, at=clock.now(), actor="system")
    token = open_lab(owner, tea.first)
    play(owner, token, do="join", who="newcomer")
    html = play(owner, token, do="pass:next")
    assert "只看不动，没有做" in html
    assert "欢迎 小满" in html
    owner.post(reverse("console:sandbox-clear", args=[token]), {"mode": "act"})
    play(owner, token, do="join", who="newcomer")
    assert "演练，没有真的发出" in play(owner, token, do="pass:next")


def test_a_step_is_as_if_never_played_when_it_is_taken_back(tea: cast.Tea, owner: Client) -> None:
    token = open_lab(owner, tea.first)
    play(owner, token, text="第一句", who="old")
    play(owner, token, text="第二句", who="old")
    owner.post(reverse("console:sandbox-back", args=[token]))
    html = shown(owner, token)
    assert "第一句" in html
    assert "第二句" not in html
    assert "撤掉一步" not in html
    assert "第三句" in play(owner, token, text="第三句")


def test_a_lab_is_played_anew_when_the_tables_have_changed(
    tea: cast.Tea, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = open_lab(owner, tea.first)
    play(owner, token, do="join", who="newcomer")
    play(owner, token, do="pass:600")
    for module in ("database", "play"):
        monkeypatch.setattr(f"qunying.pipeline.lab.{module}.schema", lambda: "another")
    assert "欢迎 小满" in shown(owner, token)
    assert lab_of(token).schema == "another"


def test_nothing_is_left_when_a_lab_is_dropped(tea: cast.Tea, owner: Client) -> None:
    token = open_lab(owner, tea.first)
    play(owner, token, picture=SimpleUploadedFile("qr.png", PNG), who="old")
    assert owner.post(reverse("console:sandbox-drop", args=[token])).status_code == 302
    assert not labs.folder_of(token).exists()
    assert not labs.pictures_of(token).exists()
    assert owner.get(reverse("console:sandbox-lab", args=[token])).status_code == 404


def test_a_lab_does_not_exist_for_others_when_they_guess_it(tea: cast.Tea, owner: Client, stranger: Client) -> None:
    token = open_lab(owner, tea.first)
    for name in ("lab", "drill"):
        address = reverse(f"console:sandbox-{name}", args=[token])
        assert stranger.get(address).status_code == 404
        assert Client().get(address).status_code == 302
    assert stranger.post(reverse("console:sandbox-drop", args=[token])).status_code == 404
    assert stranger.post(reverse("console:sandbox-open"), {"group": tea.first}).status_code == 404
    assert owner.get("/sandbox/..%2F..%2Fetc/").status_code == 404


def test_several_people_have_labs_of_their_own_when_they_copy_one_group(tea: cast.Tea, owner: Client) -> None:
    other = signed_in_as("xu", "operator")
    mine, theirs = open_lab(owner, tea.first), open_lab(other, tea.first)
    play(owner, mine, text="只在我这里", who="old")
    assert "只在我这里" not in shown(other, theirs)


@pytest.mark.parametrize("scene", ["ten", "two", "night", "gone", "back", "odd"])
def test_the_drill_passes_when_a_scene_was_saved(tea: cast.Tea, owner: Client, tmp_path: Path, scene: str) -> None:
    token = open_lab(owner, tea.first)
    play(owner, token, scene=scene)
    play(owner, token, text="晚上好：- {a: b} # 不是注释", who="old")
    play(owner, token, do="pass:next") if scene == "night" else play(owner, token, do="pass:60")
    response = owner.get(reverse("console:sandbox-drill", args=[token]))
    assert "attachment" in response["Content-Disposition"]
    path = tmp_path / "scene.yaml"
    path.write_bytes(response.content)

    script = read_script(path, ROSTER)
    check_expectations(script, ROSTER)
    assert script.expect
    with fresh_world():
        outcomes, _ = judge(play_drill(script, ROSTER, deadline))

    assert [(dict(one.expect), one.why) for one in outcomes if not one.met] == []


def test_other_quiet_hours_are_said_in_the_drill_when_the_group_has_them(tea: cast.Tea, owner: Client) -> None:
    do_change_community(tea.community_id, {"quiet_from": time(20, 0)}, at=clock.now(), actor="system")
    token = open_lab(owner, tea.first)
    assert "20:00–08:00" in owner.get(reverse("console:sandbox-drill", args=[token])).content.decode()


def test_queries_stay_few_when_a_lab_is_long(
    tea: cast.Tea, owner: Client, django_assert_max_num_queries: object
) -> None:
    token = open_lab(owner, tea.first)
    play(owner, token, scene="ten")
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        shown(owner, token)
