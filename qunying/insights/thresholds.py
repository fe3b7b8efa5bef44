"""What makes a member an opener, a follower or a lurker, as each community sets it. Forms and docs are made from these fields."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from qunying.communities.actions import do_set_settings
from qunying.communities.queries import CountedGroup, list_layers_of_communities
from qunying.communities.queries import Layer as Chosen
from qunying.kernel.capability import resolve_settings, still_known
from qunying.kernel.texts import mark

NAME = "layers"  # what a community's choices are kept under


def _said(help_text: str, **more: object) -> dict[str, object]:
    return {"help": help_text, **more}


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What makes a member an opener, a follower or a lurker within ``days``.

    An opener began so many conversations that others joined. A follower spoke on so many days, or so much, or began one
    such conversation. A lurker left any trace: a word, or having come in that time.
    """

    days: int = field(default=30, metadata=_said(mark("看最近多少天"), low=1, high=365))
    openings: int = field(default=2, metadata=_said(mark("带起几段别人接话的对话，算开口"), low=1, high=1000))
    days_spoken: int = field(default=2, metadata=_said(mark("在几天里说过话，算跟话"), low=1, high=365))
    messages: int = field(default=3, metadata=_said(mark("或者说过几条，也算跟话"), low=1, high=100_000))


BUILT_IN = Thresholds()


def thresholds_of(community_ids: Collection[int]) -> dict[int, Thresholds]:
    """The thresholds of each of these communities, in one query."""
    chosen = list_layers_of_communities(community_ids)
    return {pk: _of(chosen.get((pk, NAME), Chosen())) for pk in community_ids}


def limits_of(groups: Sequence[CountedGroup]) -> Thresholds:
    """What the community of these groups set, of the first of several; what is built in where there is no group."""
    return thresholds_of({groups[0].community_id})[groups[0].community_id] if groups else BUILT_IN


def _of(chosen: Chosen) -> Thresholds:
    found: Thresholds = resolve_settings(Thresholds, still_known(Thresholds, chosen.settings))
    return found


def do_set_thresholds(community_id: int, limits: Thresholds, *, at: datetime, actor: str) -> bool:
    """This community's thresholds from now on; False where they were so before. What is built in is not kept."""
    settings = chosen_of(limits)
    if settings == chosen_of(thresholds_of([community_id])[community_id]):
        return False
    do_set_settings(NAME, settings, community_id=community_id, at=at, actor=actor)
    return True


def chosen_of(limits: Thresholds) -> Mapping[str, int]:
    """What of them differs from the built-in ones."""
    built_in = asdict(BUILT_IN)
    return {name: value for name, value in asdict(limits).items() if value != built_in[name]}
