"""Forgets what was counted and kept of communities that are being removed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from qunying.insights import lake
from qunying.insights.answers import Question
from qunying.insights.models import Answer, Board, Crowd, DayCount, GroupFigures


def do_forget_numbers(community_ids: Sequence[int], folder: Path, at_most: int) -> int:
    """Removes their part of the lake, up to so many of their days, and every number they were counted in; answers how many."""
    parts = sum(lake.do_forget_community(community_id, folder) for community_id in community_ids)
    days = list(DayCount.objects.filter(community_id__in=community_ids).values_list("pk", flat=True)[:at_most])
    DayCount.objects.filter(pk__in=days).delete()
    figures, _kinds = GroupFigures.objects.filter(community_id__in=community_ids).delete()
    boards, _kinds = Board.objects.filter(community_id__in=community_ids).delete()
    return parts + len(days) + figures + boards + _do_forget_sums(set(community_ids))


def _do_forget_sums(community_ids: set[int]) -> int:
    crowds = Crowd.objects.values_list("pk", "communities")
    met = [pk for pk, communities in crowds if community_ids & set(communities)]
    asked = Answer.objects.values_list("pk", "question")
    answers = [pk for pk, words in asked if community_ids & set(Question.of(words).communities)]
    Crowd.objects.filter(pk__in=met).delete()
    Answer.objects.filter(pk__in=answers).delete()
    return len(met) + len(answers)
