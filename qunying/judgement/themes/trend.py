"""Whether a theme rises or fades, or only seems to."""

from __future__ import annotations

from math import exp, log, sqrt

from qunying.judgement.themes.lines import Moved, Trend

SURE = 3.3  # standard errors: one in two thousand by chance, as many words are looked at and the strangest shown
CERTAIN = 1.96
LEAST_BEFORE = 30  # voices on anything
LEAST_RATIO = 1.5  # a smaller change is nothing to tell, however certain
_HALF = 0.5


def moved(voices: int, of: int, before: int, of_before: int) -> Moved:
    """``voices`` of all ``of`` now against ``before`` of ``of_before``.

    The interval is that of a ratio of two rates (Poisson, by its logarithm, half a voice more on both sides); whether it moved
    is said by the likelihood ratio, which is exact enough also where nobody spoke of it before.
    """
    if of_before < LEAST_BEFORE or of == 0:
        return Moved(Trend.UNKNOWN, voices, before, None, None, None, None)
    expected = before * of / of_before
    middle = log((voices + _HALF) / (of + 1)) - log((before + _HALF) / (of_before + 1))
    error = sqrt(1 / (voices + _HALF) + 1 / (before + _HALF))
    trend, sure = Trend.STEADY, strength(voices, of, before, of_before)
    if abs(sure) >= SURE and abs(middle) >= log(LEAST_RATIO):
        trend = Trend.RISING if sure > 0 else Trend.FADING
    return Moved(
        trend, voices, before, expected, exp(middle), exp(middle - CERTAIN * error), exp(middle + CERTAIN * error)
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
