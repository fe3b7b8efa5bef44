"""What is counted before somebody asks: who sits where, figures per group, answers to metrics. All as of a moment."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from qunying.insights import answers, asking, figures, world
from qunying.insights.answers import Answered, Question, answer
from qunying.insights.catalogue import ACTIVE_WEEK, CATALOGUE, MEMBERS
from qunying.insights.figures import figures_of
from qunying.insights.keeping import catch_up, step
from qunying.insights.measure import measure
from qunying.insights.metric import Metric
from qunying.insights.models import Answer, Crowd, GroupFigures, Part
from qunying.insights.queries import since_yesterday
from qunying.insights.scope import Scope
from qunying.insights.seats import count_people
from qunying.insights.tests.rows import NOON, Home
from qunying.insights.world import seats_noted_at
from qunying.people.merging import Evidence, do_merge_persons, do_undo_merge
from qunying.people.models import Identity, Membership

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def _too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two groups are already too many to be counted while somebody waits."""
    for module in (answers, asking, figures, world):
        monkeypatch.setattr(module, "FEW_GROUPS", 1)


def _two_communities() -> tuple[Home, Home]:
    """老周 sits in three groups of two communities under two accounts, 阿茗 and a program in one each, 苏念 has gone."""
    tea, books = Home(groups=("茶友", "品鉴")), Home(groups=("读书",))
    for home, group in ((tea, 0), (tea, 1), (books, 0)):
        home.sit("老周", group)
    tea.sit("阿茗")
    books.sit("自动播报")
    Identity.objects.filter(pk=books.who("老周")).update(person_id=tea.who("老周"))
    Identity.objects.filter(pk=books.who("自动播报")).update(is_bot=True)
    books.join("苏念", NOON - 3 * DAY)
    books.leave("苏念", NOON - DAY)
    return tea, books


def test_a_person_counts_once_when_they_sit_in_groups_of_several_communities(lake: Path) -> None:
    tea, books = _two_communities()
    assert [count_people(ids).count for ids in ([tea.id], [books.id], [tea.id, books.id])] == [2, 1, 2]
    assert count_people([tea.id]).as_of is None
    catch_up(NOON, lake)
    assert [count_people(ids).count for ids in ([tea.id], [books.id], [tea.id, books.id])] == [2, 1, 2]
    assert count_people([tea.id]).as_of == NOON
    assert since_yesterday(NOON, [tea.id, books.id]).members == 2
    assert sorted(Crowd.objects.values_list("people", flat=True)) == [1, 1]


def test_two_accounts_of_one_person_count_once_when_they_were_merged(lake: Path) -> None:
    tea, books = _two_communities()
    Identity.objects.filter(pk=tea.who("阿茗")).update(person_id=tea.who("老周"))
    catch_up(NOON, lake)
    assert count_people([tea.id, books.id]).count == 1


def test_what_was_counted_is_counted_anew_soon_after_somebody_was_joined_or_taken_apart(lake: Path) -> None:
    tea = Home(groups=("茶友",))
    ends = [tea.sit(name) or tea.who(name) for name in ("老周", "阿茗", "苏念")]
    catch_up(NOON, lake)
    assert count_people([tea.id]).count == 3
    made = do_merge_persons(ends[0], ends[1], Evidence("union"), by=None, at=NOON)
    step(NOON + 16 * MINUTE, lake)
    assert count_people([tea.id]).count == 2
    do_undo_merge(made, by=None, at=NOON)
    step(NOON + 32 * MINUTE, lake)
    assert count_people([tea.id]).count == 3


@pytest.mark.usefixtures("_too_many")
@pytest.mark.parametrize("by", MEMBERS.by)
def test_noted_seats_count_as_the_database_does_when_there_are_many_groups(lake: Path, by: str) -> None:
    tea, books = _two_communities()
    scope = Scope(tea.counted + books.counted, NOON - 7 * DAY, NOON)
    fresh = measure(MEMBERS, scope, by)
    catch_up(NOON, lake)
    assert measure(MEMBERS, scope, by, may_lag=True) == fresh
    assert seats_noted_at(scope) == NOON


@pytest.mark.usefixtures("_too_many")
def test_noted_seats_stay_what_they_were_when_somebody_came_later(lake: Path) -> None:
    tea, books = _two_communities()
    catch_up(NOON, lake)
    tea.sit("禾生")
    young = Home(groups=("新群",))
    young.sit("小满")
    scope = Scope(tea.counted + books.counted + young.counted, NOON - 7 * DAY, NOON)
    assert measure(MEMBERS, scope, may_lag=True)[0]["value"] == measure(MEMBERS, scope)[0]["value"] - 1


def test_one_file_per_community_is_left_when_seats_are_noted_again(lake: Path) -> None:
    _two_communities()
    for hours in range(3):
        catch_up(NOON + timedelta(hours=hours), lake)
    assert Part.objects.filter(table="seats", retired_at=None).count() == 2
    assert Part.objects.filter(table="seats").count() == 4  # those before are kept a while for who was reading them
    assert len(list((lake / "seats").rglob("*.parquet"))) == 4


def test_figures_are_counted_when_asked_for_and_nothing_was_kept(lake: Path) -> None:
    home = Home()
    home.say("老周", NOON - DAY)
    catch_up(NOON, lake)
    kept = figures_of([home.id], NOON)[home.group_ids[0]]
    GroupFigures.objects.all().delete()
    assert figures_of([home.id], NOON)[home.group_ids[0]] == kept
    assert (kept.weeks[-1], kept.speakers, kept.present) == (1, 1, 1)


@pytest.mark.usefixtures("_too_many")
def test_figures_move_on_by_a_day_when_a_day_has_passed_and_nothing_was_said(lake: Path) -> None:
    home = Home(groups=("茶友", "品鉴"))
    home.say("老周", NOON - 7 * DAY)
    catch_up(NOON, lake)
    assert figures_of([home.id], NOON)[home.group_ids[0]].weeks[-2:] == (0, 1)
    assert step(NOON + DAY, lake) == 0
    assert GroupFigures.objects.get(pk=home.group_ids[0]).weeks == "0 0 0 0 0 0 1 0"


def _asked(home: Home, metric: str = "messages", by: str = "day", days: int = 7) -> Answered:
    scope = Scope(home.counted, *asking.span_of_days(home.counted, days, NOON))
    return answer(Question(metric, by, days, (home.id,)), scope, NOON)


@pytest.mark.usefixtures("_too_many")
def test_an_answer_is_kept_and_counted_anew_with_the_lake_when_groups_are_many(lake: Path) -> None:
    home = Home(groups=("茶友", "品鉴"))
    home.say("老周", NOON - DAY)
    catch_up(NOON, lake)
    first = _asked(home)
    assert (first.total["value"], first.as_of) == (1, None)
    home.say("阿茗", NOON - DAY)
    assert (_asked(home).total["value"], _asked(home).as_of) == (1, NOON)
    catch_up(NOON + timedelta(minutes=15), lake)
    assert (_asked(home).total["value"], _asked(home).as_of) == (2, NOON + timedelta(minutes=15))


def test_nothing_is_kept_when_groups_are_few(lake: Path) -> None:
    home = Home()
    home.say("老周", NOON - DAY)
    assert (_asked(home).total["value"], _asked(home).as_of) == (1, None)
    assert Answer.objects.count() == 0


@pytest.mark.usefixtures("_too_many")
def test_an_answer_of_yesterday_is_not_shown_when_a_day_has_passed(lake: Path) -> None:
    home = Home(groups=("茶友", "品鉴"))
    home.say("老周", NOON - 7 * DAY)
    catch_up(NOON, lake)
    _asked(home)
    scope = Scope(home.counted, *asking.span_of_days(home.counted, 7, NOON + DAY))
    assert answer(Question("messages", "day", 7, (home.id,)), scope, NOON + DAY).as_of is None


@pytest.mark.usefixtures("_too_many")
def test_an_answer_is_forgotten_when_nobody_asked_for_a_week(lake: Path) -> None:
    home = Home(groups=("茶友", "品鉴"))
    home.say("老周", NOON - DAY)
    _asked(home)
    catch_up(NOON + 8 * DAY, lake)
    assert Answer.objects.count() == 0


@pytest.mark.usefixtures("_too_many")
@pytest.mark.parametrize("metric", CATALOGUE, ids=lambda metric: metric.name)
def test_a_kept_answer_equals_the_counted_one_when_it_is_read_again(lake: Path, metric: Metric) -> None:
    home = Home(groups=("茶友", "品鉴"))
    for n, name in enumerate(("老周", "阿茗", "老周", "👩‍👩‍👧", "عمر")):
        home.say(name, NOON - n * DAY, group=n % 2)
    home.join("苏念", NOON - DAY, via="qr")
    catch_up(NOON, lake)
    first, again = (_asked(home, metric.name, metric.always_by or metric.by[-1]) for _ in range(2))
    assert (again.rows, again.total) == (first.rows, first.total)


@pytest.mark.parametrize("ids", [(1,), (1, 2, 3, 7), (5, 9, 10), tuple(range(1, 400))])
def test_a_question_reads_back_when_it_was_put_into_words(ids: tuple[int, ...]) -> None:
    question = Question("active_hours", "", 28, ids)
    assert Question.of(str(question)) == question
    assert len(str(question)) < 60


def test_active_rate_is_of_those_who_sit_there_when_seats_are_noted(lake: Path) -> None:
    home = Home()
    home.say("老周", NOON - DAY)
    home.sit("阿茗")
    catch_up(NOON, lake)
    Membership.objects.filter(identity=home.who("阿茗")).update(is_present=False, left_at=NOON - DAY)
    assert measure(ACTIVE_WEEK, Scope(home.counted, NOON - 7 * DAY, NOON), may_lag=True)[0]["members"] == 1
