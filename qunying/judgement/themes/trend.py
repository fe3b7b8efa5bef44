"""Whether a theme rises or fades, or only seems to."""

from __future__ import annotations

from math import exp, log, sqrt

from qunying.judgement.themes.lines import Moved, Trend

SURER = 4.2  # of the last two days, which are looked at besides, and in which one conversation weighs more
SURE = 3.3  # standard errors: one in two thousand by chance, as many words are looked at and the strangest shown
CERTAIN = 1.96
LEAST_BEFORE = 30  # voices on anything
LEAST_LATELY = 4  # voices in the last two days
LEAST_RATIO = 1.5  # a smaller change is nothing to tell, however certain
_HALF = 0.5


Rate = tuple[int, int]  # voices on a theme, and voices on anything


def moved(now: Rate, earlier: Rate, lately: Rate = (0, 0)) -> Moved:
    """The rate of the week against that of the weeks before; ``lately`` is the part of ``now`` in its last days.

    The interval is that of a ratio of two rates (Poisson, by its logarithm, half a voice more on both sides); whether it moved
    is said by the likelihood ratio, which is exact enough also where nobody spoke of it before.
    """
    (voices, of), (before, of_before) = now, earlier
    if of_before < LEAST_BEFORE or of == 0:
        return Moved(Trend.UNKNOWN, voices, before, None, None, None, None, lately[0])
    expected = before * of / of_before
    middle = log((voices + _HALF) / (of + 1)) - log((before + _HALF) / (of_before + 1))
    error = sqrt(1 / (voices + _HALF) + 1 / (before + _HALF))
    trend, sure = Trend.STEADY, strength(voices, of, before, of_before)
    if abs(sure) >= SURE and abs(middle) >= log(LEAST_RATIO):
        trend = Trend.RISING if sure > 0 else Trend.FADING
    till_then = (voices + before - lately[0], of + of_before - lately[1])
    if lately[0] >= LEAST_LATELY and strength(*lately, *till_then) >= SURER:
        trend = Trend.RISING
    return Moved(
        trend,
        voices,
        before,
        expected,
        exp(middle),
        exp(middle - CERTAIN * error),
        exp(middle + CERTAIN * error),
        lately[0],
        till_then[0] * lately[1] / till_then[1] if till_then[1] else None,
    )


def strength(voices: int, of: int, before: int, of_before: int) -> float:
    """By how many standard errors the share of voices is higher than before; below nought where it is lower.

    The root of the likelihood ratio (G²) of one rate against two.
    """
    share = of / (of + of_before)
    together = voices + before
    surprise = sum(
        count * log(count / (together * part)) for count, part in ((voices, share), (before, 1 - share)) if count
    )
    root = sqrt(max(0.0, 2 * surprise))
    return root if voices > together * share else -root
