"""Tags in the members' list: chips, filters by tag and segment, and one tag for many people, looked at, done, taken back."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qunying.kernel import clock
from qunying.people.models import Identity
from qunying.people.segments import do_freeze_segment, do_save_segment
from qunying.people.tags import (
    NewTag,
    do_give_back,
    do_make_tag,
    do_tag_people,
    do_take_tag,
    list_people_tagged,
    list_tags_of_person,
)
from tests import cast
from tests.screens.conftest import signed_in_as

PEOPLE, MANY = "/people/", "/people/tagging/"
DAY = timedelta(days=1)


def person(ref: str) -> int:
    found = Identity.objects.get(ref=ref).person_id
    assert found is not None
    return found


@pytest.fixture
def tag(tea: cast.Tea) -> int:
    """「新手」 of the tea friends, which 安安 bears."""
    pk = do_make_tag(tea.community_id, NewTag(name="新手"), at=clock.now(), user_id=None)
    do_tag_people(pk, [person("an")], how="hand", at=clock.now(), user_id=None)
    return pk


def page(client: Client, address: str, status: int = 200) -> str:
    """What stands there."""
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def bearing(tag: int, tea: cast.Tea) -> set[int]:
    """Who has it."""
    return set(list_people_tagged([tag], [tea.community_id], clock.now()))


def test_the_list_shows_tags_and_can_be_narrowed_by_one(tag: int, owner: Client) -> None:
    html = page(owner, PEOPLE)
    assert html.count(f'href="?tag={tag}">#<bdi>新手</bdi>') == 2  # 安安 sits in two groups
    assert "阿博" in html
    narrowed = page(owner, f"{PEOPLE}?tag={tag}")
    assert "成员，带「新手」标签" in narrowed
    assert "安安" in narrowed
    assert "阿博" not in narrowed
    assert "安安" in page(owner, f"{PEOPLE}?tag={tag}&q=安")
    assert "没有这样的成员" in page(owner, f"{PEOPLE}?tag={tag}&q=阿博")
    sheet = b"".join(owner.get(f"{PEOPLE}export/?tag={tag}").streaming_content).decode()  # type: ignore[attr-defined]
    assert "安安" in sheet
    assert "阿博" not in sheet
    page(owner, f"{PEOPLE}?tag=999", status=404)


def test_the_list_can_be_narrowed_to_a_segment(tag: int, tea: cast.Tea, owner: Client) -> None:
    user, rule = User.objects.get(username="lin").pk, {"did": "messages", "at_least": 1}
    segment = do_save_segment(tea.community_id, "老朋友", "", rule, at=clock.now(), user_id=user)
    do_freeze_segment(segment, [person("bo")], at=clock.now(), user_id=user)
    html = page(owner, f"{PEOPLE}?segment={segment}")
    assert "只看「老朋友」" in html
    assert "阿博" in html
    assert "没有这样的成员" in page(owner, f"{PEOPLE}?segment={segment}&tag={tag}")
    elsewhere = signed_in_as("far", "lead", cast.build_tea(name="别处", groups=("x",)).community_id)
    for query in (f"segment={segment}", f"tag={tag}"):
        page(elsewhere, f"{PEOPLE}?{query}", status=404)


def agreed(html: str) -> str:
    """What the preview would have agreed to."""
    found = re.search(r'name="agreed" value="(\w+)"', html)
    assert found is not None
    return found[1]


def test_many_are_tagged_as_was_shown_and_taken_back_at_once(tag: int, tea: cast.Tea, owner: Client) -> None:
    an, bo = person("an"), person("bo")
    assert "选了 2 人" in page(owner, f"{MANY}?p={an}&p={bo}")
    assert "选了 1 人" in page(owner, f"{MANY}?all=1&tag={tag}")
    form = {"ids": f"{an},{bo}", "tag": str(tag), "way": "give"}
    shown = owner.post(MANY, form).content.decode()
    assert "1 人会打上「新手」" in shown
    assert "1 人早就有" in shown
    assert bearing(tag, tea) == {an}
    done = owner.post(MANY, {**form, "act": "do", "agreed": agreed(shown)}, follow=True).content.decode()
    assert "1 人打上了「新手」" in done
    assert bearing(tag, tea) == {an, bo}
    undo = re.search(r"/people/tags/\d+/undo/\w+/", done)
    assert undo is not None
    owner.post(undo[0])
    assert bearing(tag, tea) == {an}


def test_a_tag_is_taken_from_many_and_given_back_at_once(tag: int, tea: cast.Tea, owner: Client) -> None:
    an, bo = person("an"), person("bo")
    form = {"ids": f"{an},{bo}", "tag": str(tag), "way": "take"}
    shown = owner.post(MANY, form).content.decode()
    assert "1 人的「新手」会取下" in shown
    assert "1 人本来就没有" in shown
    done = owner.post(MANY, {**form, "act": "do", "agreed": agreed(shown)}, follow=True).content.decode()
    assert bearing(tag, tea) == set()
    back = re.search(r"/people/tags/\d+/back/\w+/", done)
    assert back is not None
    owner.post(back[0])
    assert bearing(tag, tea) == {an}
    assert len(list_tags_of_person(an, None)) == 1  # the same tagging, as it was given


def test_nobody_is_touched_when_tags_changed_meanwhile_or_nobody_is_chosen(
    tag: int, tea: cast.Tea, owner: Client
) -> None:
    form = {"ids": f"{person('an')},{person('bo')}", "tag": str(tag), "way": "give"}
    shown = owner.post(MANY, form).content.decode()
    do_tag_people(tag, [person("bo")], how="hand", at=clock.now(), user_id=None)
    late = owner.post(MANY, {**form, "act": "do", "agreed": agreed(shown)})
    assert late.status_code == 422
    assert "没有动任何人" in late.content.decode()
    assert owner.post(MANY, {**form, "ids": ""}).status_code == 422
    assert owner.post(MANY, {**form, "tag": "999"}).status_code == 422


def test_only_people_within_reach_are_tagged(tag: int, tea: cast.Tea, analyst: Client) -> None:
    other = cast.build_tea(name="别处", groups=("x",)).community_id
    lead = signed_in_as("far", "lead", other)
    page(analyst, MANY, status=404)
    assert "picked-bar" not in page(analyst, PEOPLE)
    with cast.clock_stands(clock.now()):
        cast.arrive([cast.join("j9", "man", via="qr")], "g2")
        cast.told()
    assert "选了" not in page(lead, f"{MANY}?p={person('man')}")
    assert lead.post(MANY, {"ids": str(person("man")), "tag": str(tag), "way": "give"}).status_code == 422
    batch = do_take_tag(tag, [person("an")], at=clock.now(), user_id=None).batch
    assert lead.post(f"/people/tags/{tag}/back/{batch}/").status_code == 404


def test_what_ended_meanwhile_is_not_given_back(tea: cast.Tea) -> None:
    an, at = person("an"), clock.now()
    short = do_make_tag(tea.community_id, NewTag(name="这周", days=7), at=at, user_id=None)
    do_tag_people(short, [an], how="hand", at=at, user_id=None)
    batch = do_take_tag(short, [an], at=at, user_id=None).batch
    assert do_give_back(batch, at=at + 8 * DAY, user_id=None) == 0
    do_tag_people(short, [an], how="hand", at=at + DAY, user_id=None)
    assert do_give_back(batch, at=at + DAY, user_id=None) == 0
    assert do_give_back("", at=at, user_id=None) == 0


def test_more_tagged_people_need_no_more_queries(tag: int, owner: Client) -> None:
    def asked(address: str) -> int:
        page(owner, address)
        with CaptureQueriesContext(connection) as captured:
            page(owner, address)
        return len(captured)

    few = [asked(PEOPLE), asked(f"{PEOPLE}?tag={tag}"), asked(f"{MANY}?all=1")]
    cast.arrive([cast.join(f"k{n}", f"k{n}", via="qr") for n in range(20)])
    cast.told()
    people = Identity.objects.filter(ref__startswith="k").values_list("person_id", flat=True)
    do_tag_people(tag, list(people), how="hand", at=clock.now(), user_id=None)
    assert [asked(PEOPLE), asked(f"{PEOPLE}?tag={tag}"), asked(f"{MANY}?all=1")] == few
