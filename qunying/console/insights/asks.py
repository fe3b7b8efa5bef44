"""What can be asked of a journey, as lists to choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from qunying.console.insights.asking import BREAKDOWNS, EVERY, SILENT_DAYS, STEP_PLACES, WINDOWS, choice_of
from qunying.console.insights.context import Ask
from qunying.console.insights.measuring import BY_WORDS
from qunying.insights.journeys.catalogue import CHURN, DEFAULT_WINDOW, FUNNEL, LIFE_CYCLE, PATHS, RETENTION, Journey
from qunying.insights.journeys.parting import SEGMENT
from qunying.insights.journeys.steps import CAME, SAID, STEPS


def list_asks(journey: Journey, asked: Mapping[str, str], deeds: Sequence[str]) -> tuple[Ask, ...]:
    """What can be chosen, as drop-down lists."""
    steps = [(name, _(title)) for name, title in STEPS.items()] + [(kind, kind) for kind in deeds if kind not in STEPS]
    every = Ask("every", _("按"), tuple((v, _(w)) for v, w in EVERY.items()), choice_of(asked, "every", EVERY, "week"))
    if journey is FUNNEL:
        given = {"step1": "joined", "step2": SAID} if not any(f"step{n}" in asked for n in range(1, 5)) else asked
        places = tuple(
            Ask(f"step{n}", _("第 %(n)d 步") % {"n": n}, (("", "—"), *steps), given.get(f"step{n}", ""))
            for n in range(1, STEP_PLACES + 1)
        )
        windows = tuple((value, _(words)) for value, words in WINDOWS.items())
        orders = (("", _("按先后")), ("any", _("不分先后")))
        chosen = choice_of(asked, "window", WINDOWS, DEFAULT_WINDOW)
        return (
            *places,
            Ask("window", _("窗口"), windows, chosen),
            Ask("order", _("先后"), orders, asked.get("order", "")),
            Ask(
                "by", _("拆开"), (("", _("不拆开")), *((by, _(BY_WORDS[by])) for by in BREAKDOWNS)), asked.get("by", "")
            ),
        )
    if journey is RETENTION:
        modes = (("", _("正好那一期")), ("later", _("那一期或以后")))
        return (
            Ask("start", _("第一次"), tuple(steps), asked.get("start", CAME)),
            Ask("back", _("再来"), tuple(steps), asked.get("back", SAID)),
            every,
            Ask(
                "by",
                _("分成"),
                (("", _("哪天来的")), ("source", _("怎么来的")), (SEGMENT, _("哪个人群"))),
                asked.get("by", ""),
            ),
            Ask("mode", _("回来算"), modes, asked.get("mode", "")),
        )
    if journey is PATHS:
        windows = tuple((value, _(words)) for value, words in WINDOWS.items())
        return (Ask("window", _("窗口"), windows, choice_of(asked, "window", WINDOWS, DEFAULT_WINDOW)),)
    if journey is CHURN:
        kinds = tuple((value, _(words)) for value, words in SILENT_DAYS.items())
        return (Ask("silent", _("看谁"), kinds, choice_of(asked, "silent", SILENT_DAYS, "")),)
    return (every,) if journey is LIFE_CYCLE else ()
