"""What WeChat's chats have in common, whoever exported them: how somebody is called with @, and who 你 is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .records import PersonRef

_MENTION = re.compile("@([^@\u2005\n]{1,60})\u2005")
_SPEAKS_OF_ME = ("你", "You", "you")


@dataclass(slots=True)
class Exporter:
    """Who exported, which system sentences call 你. ``rows`` reads the file for what they wrote themselves.

    A sentence may stand before their first message: then, and only once, the file is searched for it.
    """

    rows: Callable[[], Iterator[PersonRef | None]]
    person: PersonRef | None = None
    is_sought: bool = False

    def met(self, person: PersonRef) -> None:
        """Somebody whose message is marked as the exporter's own."""
        self.person = person

    def meant_in(self, sentence: str) -> PersonRef | None:
        """The exporter, where the sentence speaks of them and the file knows them."""
        if self.person is None and not self.is_sought and any(word in sentence for word in _SPEAKS_OF_ME):
            self.is_sought = True
            self.person = next((person for person in self.rows() if person is not None), None)
        return self.person


def named_mentions(text: str) -> tuple[PersonRef, ...]:
    """Whom a text calls by name, each once: WeChat closes a mention with a space of its own."""
    return tuple(PersonRef(name) for name in dict.fromkeys(_MENTION.findall(text))) if "\u2005" in text else ()
