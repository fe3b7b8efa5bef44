"""Pictures: somebody is asked to look at them, and what they show counts as if it had been written. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from qunying.capabilities.order.heard import Heard, leave_alone
from qunying.capabilities.order.knowing import NAME, WAVE_WITHIN
from qunying.capabilities.order.links import not_allowed
from qunying.capabilities.order.signs import Signs, Told, links_in, looks_closer, marks_of, read_signs, tokens_of
from qunying.kernel.effects import AskLater, DeleteMessage
from qunying.kernel.events import MessageReceived, PictureRead
from qunying.kernel.opinions import Opinion, Reason

PASSED_ON_FOR = timedelta(days=7)
WRONG = "order.picture_"
KNOWN_WRONGS = ("missing", "empty", "too_large", "no_picture", "broken", "unreachable", "not_offered", "gave_up")


def picture_marks(event: Told) -> frozenset[int]:
    """Hashes of the pictures of a message, by what their carrier finds them by."""
    if not isinstance(event, MessageReceived):
        return frozenset()
    return marks_of(f"picture {part.url}" for part in event.media if part.kind == "image" and part.url)


def with_a_look(heard: Heard, opinion: Opinion | None) -> Opinion | None:
    """The opinion, and the wish to know what the pictures show; not where the message goes anyway, or staff showed the very same.

    Whether words draw people away is thought of with the pictures, once: nobody is asked twice about one message.
    """
    marks = picture_marks(heard.event)
    if not marks or _goes_anyway(opinion):
        return opinion
    if marks <= _shown_by_staff(heard):
        return opinion or leave_alone(heard, "order.passes_on", 0.0)
    key = heard.event.source_key
    ask = AskLater(key=f"picture:{key}", kind="picture", message_key=key)
    if opinion is None or opinion.evidence:
        reason = Reason("order.looks_at_picture", {"name": heard.member.shown_name})
        return Opinion(NAME, reason, (ask,), confidence=0.0)
    return replace(opinion, effects=(*opinion.effects, ask))


def signs_of(heard: Heard) -> Signs | None:
    """What a message shows that may matter in its group; None where neither the judges nor its form say that there may be anything,
    nor does a newcomer name again what others drew people away with."""
    again = _shown_again(heard)
    if not again and not looks_closer(heard.event, heard.reading):
        return None
    signs, allowed = read_signs(heard.event), heard.settings.allow_domains
    if again:
        signs = replace(signs, again=again, marks=signs.marks | again)
    kept = tuple(card for card in signs.cards if not card.is_code or _leads_elsewhere(card.ref, allowed))
    return replace(signs, cards=kept) if len(kept) < len(signs.cards) else signs


def _shown_again(heard: Heard) -> frozenset[int]:
    """Of what others drew people away with lately, that which a newcomer names, in whatever language and behind whatever key."""
    if not heard.is_new or isinstance(heard.event, PictureRead):
        return frozenset()
    shown = [one.marks for one in heard.lately("draw", WAVE_WITHIN, here=False) if one.identity_id != heard.who]
    return tokens_of(heard.event.text) & frozenset().union(*shown) if shown else frozenset()


def about_unreadable(heard: Heard, event: PictureRead) -> Opinion | None:
    """That pictures could not be read, and why; None where they could."""
    if not event.wrong:
        return None
    known = event.wrong[0] if event.wrong[0] in KNOWN_WRONGS else "broken"
    return leave_alone(heard, f"{WRONG}{known}", 0.0)


def _goes_anyway(opinion: Opinion | None) -> bool:
    if opinion is None or opinion.asks_first:
        return False
    return any(isinstance(effect, DeleteMessage) for effect in opinion.effects)


def _shown_by_staff(heard: Heard) -> frozenset[int]:
    official = heard.lately("official", PASSED_ON_FOR, here=False)
    return frozenset().union(*(one.marks for one in official))


def _leads_elsewhere(code: str, allowed: Collection[str]) -> bool:
    """A code that leads to a place that the group allows is no contact."""
    links = links_in(code)
    return not links or bool(not_allowed(links, allowed))
