"""The pages of rehearsals: a rule is tried over the past, watched, compared, put in force, and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qunying.capabilities.order.lists_kept import do_make_list, do_write_words
from qunying.capabilities.order.lists_told import find_list
from qunying.communities.actions import do_set_settings
from qunying.communities.queries import list_layers_of_communities
from qunying.kernel import clock
from qunying.pipeline.models import Rehearsal
from qunying.pipeline.rehearsal import asked
from qunying.talk.models import Message
from tests import cast
from tests.screens.conftest import signed_in_as

pytestmark = pytest.mark.django_db
FORM = {
    "order-ladder": "gentle",
    "order-counts_days": "30",
    "order-act_from": "80",
    "order-ask_from": "50",
    "order-words_do": "ask",
    "days": "30",
}


@pytest.fixture
def tea(db: None) -> Iterator[cast.Tea]:
    """Two groups in which six people spoke, two of them of proxy shopping."""
    with cast.clock_stands(cast.TUESDAY):
        found = cast.build_tea(groups=("g1", "g2"))
        people = ("an", "bo", "chen", "fang", "man", "yu")
        said = [cast.message(f"m{n}", ref, "找我代购" if n < 2 else "早上好") for n, ref in enumerate(people)]
        cast.arrive(said)
        cast.told()
        yield found


def settings(tea: cast.Tea) -> dict[str, Any]:
    layers = list_layers_of_communities([tea.community_id])
    return dict(layers[tea.community_id, "order"].settings)


def ask(owner: Client, tea: cast.Tea, **said: Any) -> int:
    """Asks for a rehearsal; answers its number."""
    answer = owner.post("/rehearse/", {"community": tea.community_id, **FORM, **said})
    assert answer.status_code == 302, answer.content.decode()
    return int(answer["Location"].strip("/").rpartition("/")[2])


def played(owner: Client, run: int) -> str:
    """The page once it has been played."""
    assert asked.step(clock.now())
    return owner.get(f"/rehearse/{run}/").content.decode()


def test_the_form_is_filled_with_what_is_in_force(tea: cast.Tea, owner: Client) -> None:
    home = tea.community_id
    do_set_settings("order", {"act_from": 91}, community_id=home, at=clock.now(), actor="user:1")
    html = owner.get(f"/rehearse/?community={home}").content.decode()
    assert 'name="order-act_from" value="91"' in html
    assert "order-allow_people" not in html
    assert "还没有演练过" in html


def test_only_what_was_changed_is_tried(tea: cast.Tea, owner: Client) -> None:
    run = ask(owner, tea, **{"order-words": "代购", "order-words_do": "delete", "groups": [tea.first]})
    row = Rehearsal.objects.get(pk=run)
    assert (row.rule, row.groups, row.days) == ({"words": ["代购"], "words_do": "delete"}, [tea.first], 30)
    assert Rehearsal.objects.get(pk=ask(owner, tea)).rule == {}


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"order-steps": "explode"}, "看不懂「explode」"),
        ({"order-words": "正则：("}, "没法找"),
        ({"order-act_from": "500"}, "order-act_from"),
        ({"order-ladder": "none"}, "none"),
        ({"order-act_from": "50", "order-ask_from": "60"}, "不能比请人看的（60%）还低"),
        ({"days": "7"}, "7"),
    ],
)
def test_what_cannot_be_tried_is_said_beside_its_field(
    wrong: dict[str, str], why: str, tea: cast.Tea, owner: Client
) -> None:
    refused = owner.post("/rehearse/", {"community": tea.community_id, **FORM, **wrong})
    assert refused.status_code == 422
    assert why in refused.content.decode()
    assert not Rehearsal.objects.exists()


def test_too_many_that_wait_are_refused_with_words(tea: cast.Tea, owner: Client) -> None:
    for _ in range(asked.MOST_WAITING):
        ask(owner, tea)
    refused = owner.post("/rehearse/", {"community": tea.community_id, **FORM})
    assert refused.status_code == 422
    assert "已经有 5 个演练在排队" in refused.content.decode()


def test_a_rehearsal_is_watched_and_dropped(tea: cast.Tea, owner: Client) -> None:
    run = ask(owner, tea)
    Rehearsal.objects.filter(pk=run).update(state="running", done=2, total=6)
    html = owner.get(f"/rehearse/{run}/").content.decode()
    assert 'max="6" value="2"' in html
    assert 'hx-trigger="every 1s"' in html
    assert '<noscript><meta http-equiv="refresh"' in html
    part = owner.get(f"/rehearse/{run}/", headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith('<div id="rehearsal"')
    owner.post(f"/rehearse/{run}/drop/")
    html = owner.get(f"/rehearse/{run}/").content.decode()
    assert "没跑完，不要了" in html
    assert "hx-trigger" not in html.split('id="rehearsal"')[1].split(">")[0]


def test_the_answer_is_the_headline_and_every_hit_leads_to_its_message(tea: cast.Tea, owner: Client) -> None:
    html = played(owner, ask(owner, tea, **{"order-words": "代购", "order-words_do": "delete"}))
    assert "照这样，过去 30 天会处理 2 条、碰到 2 个人；看不出误伤" in html
    assert html.count("找我代购") == 2
    assert f'href="/groups/{tea.first}/messages/' in html
    assert "词表里的词" in html
    assert "撤回消息 2" in html
    assert "说过话的 6 个人里会碰到 33%" in html
    assert Rehearsal.objects.filter(result__icontains="找我").count() == 0


def test_a_message_that_is_gone_is_said_to_be_gone(tea: cast.Tea, owner: Client) -> None:
    run = ask(owner, tea, **{"order-words": "代购", "order-words_do": "delete"})
    played(owner, run)
    Message.objects.filter(source_key="m0").update(text="")
    Message.objects.filter(source_key="m1").delete()
    html = owner.get(f"/rehearse/{run}/").content.decode()
    assert html.count("这条已经不在了") == 2
    assert "找我代购" not in html


def test_what_is_in_force_is_shown_beside_it_once_it_was_rehearsed_too(tea: cast.Tea, owner: Client) -> None:
    run = ask(owner, tea, **{"order-words": "代购", "order-words_do": "delete"})
    assert "和现在的比一比" in played(owner, run)
    owner.post(f"/rehearse/{run}/compare/")
    html = played(owner, run)
    assert "和现在的比一比" not in html
    assert html.count("照现在的 0") == 4


def test_a_rehearsed_rule_is_put_in_force_and_taken_back(tea: cast.Tea, owner: Client) -> None:
    home = tea.community_id
    do_set_settings("order", {"counts_days": 7, "words_do": "step"}, community_id=home, at=clock.now(), actor="user:1")
    tried = {"order-words": "代购", "order-words_do": "ask", "order-counts_days": "7"}
    run = ask(owner, tea, **tried)
    played(owner, run)
    told = owner.post(f"/rehearse/{run}/keep/", follow=True).content.decode()
    assert settings(tea) == {"counts_days": 7, "words": ["代购"]}
    assert f'action="/rehearse/{run}/back/"' in told
    owner.post(f"/rehearse/{run}/back/")
    assert settings(tea) == {"counts_days": 7, "words_do": "step"}


def test_a_list_that_is_off_is_tried_and_switched_on_with_the_rule(tea: cast.Tea, owner: Client) -> None:
    made = do_make_list(tea.community_id, "禁词", "delete", user_id=1, at=clock.now())
    do_write_words(made, ["代购"], user_id=1, at=clock.now())
    run = ask(owner, tea, trial=str(made))
    html = played(owner, run)
    assert "加上词表「禁词」" in html
    assert "会处理 2 条" in html
    assert _is_on(made) is False
    owner.post(f"/rehearse/{run}/keep/")
    assert _is_on(made) is True
    owner.post(f"/rehearse/{run}/back/")
    assert _is_on(made) is False


def _is_on(list_id: int) -> bool:
    found = find_list(list_id)
    return found is not None and found.is_on


def test_a_rule_that_touches_nearly_everybody_is_in_force_only_when_the_number_is_typed(
    tea: cast.Tea, owner: Client
) -> None:
    run = ask(owner, tea, **{"order-words": "正则：.", "order-words_do": "delete"})
    people = 6
    assert f"碰到 {people} 个人" in played(owner, run)
    for typed in ({}, {"people": "5"}):
        refused = owner.post(f"/rehearse/{run}/keep/", typed)
        assert refused.status_code == 422
        assert "比说过话的人的一半还多" in refused.content.decode()
        assert settings(tea) == {}
    owner.post(f"/rehearse/{run}/keep/", {"people": str(people)})
    assert settings(tea) == {"words": ["正则：."], "words_do": "delete"}


def test_what_was_not_played_cannot_be_put_in_force_nor_taken_back(tea: cast.Tea, owner: Client) -> None:
    run = ask(owner, tea, **{"order-words": "代购"})
    assert owner.post(f"/rehearse/{run}/keep/").status_code == 404
    assert owner.post(f"/rehearse/{run}/back/").status_code == 404
    assert settings(tea) == {}


def test_whoever_may_only_read_sees_what_came_of_it_and_nothing_to_do(tea: cast.Tea, owner: Client) -> None:
    run = ask(owner, tea, **{"order-words": "代购", "order-words_do": "delete"})
    played(owner, run)
    reader = signed_in_as("ana", "analyst", tea.community_id)
    for address in ("/rehearse/", f"/rehearse/{run}/"):
        html = reader.get(address).content.decode()
        assert "代购" in html
        assert 'action="/rehearse/' not in html
    assert reader.post("/rehearse/", {"community": tea.community_id, **FORM}).status_code == 404
    assert reader.post(f"/rehearse/{run}/keep/").status_code == 404


def test_today_tells_whoever_asked_until_they_opened_it(tea: cast.Tea, owner: Client) -> None:
    other = signed_in_as("li", "owner")
    run = ask(owner, tea, **{"order-words": "代购", "order-words_do": "delete"})
    assert "演练完成" not in owner.get("/").content.decode()
    assert asked.step(clock.now())
    html = owner.get("/").content.decode()
    assert "演练完成：会碰到 2 个人" in html
    assert f'href="/rehearse/{run}/"' in html
    assert "演练完成" not in other.get("/").content.decode()
    other.get(f"/rehearse/{run}/")
    assert "演练完成" in owner.get("/").content.decode()
    owner.get(f"/rehearse/{run}/")
    assert "演练完成" not in owner.get("/").content.decode()


def test_today_says_of_a_rehearsal_what_came_of_it(tea: cast.Tea, owner: Client) -> None:
    ask(owner, tea)
    assert asked.step(clock.now())
    failed, dropped = ask(owner, tea), ask(owner, tea)
    Rehearsal.objects.filter(pk=failed).update(state="failed", finished_at=clock.now())
    owner.post(f"/rehearse/{dropped}/drop/")
    html = owner.get("/").content.decode()
    assert html.count("演练完成：谁都不会碰到") == 1
    assert html.count("演练没跑成") == 1


def test_what_is_compared_with_is_no_news_either_once_both_were_seen(tea: cast.Tea, owner: Client) -> None:
    run = ask(owner, tea, **{"order-words": "代购", "order-words_do": "delete"})
    played(owner, run)
    owner.post(f"/rehearse/{run}/compare/")
    assert asked.step(clock.now())
    assert "演练完成" in owner.get("/").content.decode()
    owner.get(f"/rehearse/{run}/")
    assert "演练完成" not in owner.get("/").content.decode()


def test_today_asks_once_about_rehearsals(tea: cast.Tea, owner: Client) -> None:
    for _ in range(3):
        ask(owner, tea, **{"order-words": "代购", "order-words_do": "delete"})
        assert asked.step(clock.now())
    with CaptureQueriesContext(connection) as queries:
        owner.get("/")
    assert sum("pipeline_rehearsal" in one["sql"] for one in queries) == 1
