"""How messages are called: by us for ever, by an implementation until it starts anew.

QQ numbers the messages of a group, and every account there sees the same number: that is our name for a message where the
implementation tells it. Its own ``message_id`` is a number of this process and this account, needed to answer, recall and pin.
Where nothing better is told, account, id and second together are the name.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from qunying.carriers.onebot.fields import as_ref, as_time

REMEMBERED = 50_000
OURS = "qunying"  # what we add to an event, below this one word


def name_of(event: Mapping[str, Any]) -> str:
    """Our name for the message that an event, ``get_msg`` or the history tells."""
    number = _number(event)
    if number:
        return f"s{number}"
    at = as_time(event.get("time"))
    return _own_name(event, as_ref(event.get("message_id")), int(at.timestamp()) if at else 0)


def _number(event: Mapping[str, Any]) -> str:
    """What QQ itself numbers it by. Where the older fields equal the implementation's own id, they are only that id again."""
    own = as_ref(event.get("message_id"))
    older = (as_ref(event.get(field)) for field in ("message_seq", "real_id"))
    return as_ref(event.get("real_seq")) or next((number for number in older if number not in ("", own)), "")


def _own_name(event: Mapping[str, Any], message_id: str, second: int) -> str:
    return f"m{as_ref(event.get('self_id'))}.{message_id}.{second}"


def name_meant(event: Mapping[str, Any], message_id: str) -> str:
    """Our name for a message that an event speaks of by its id there, as the line noted it when it heard the event."""
    noted = event.get(OURS, {}).get("names", {})
    return str(noted.get(message_id) or _own_name(event, message_id, 0))


def id_in(name: str, account: str) -> str:
    """The id that is part of a name, where it is one of this account; else empty."""
    owner, _, rest = name.removeprefix("m").partition(".")
    return rest.partition(".")[0] if name.startswith("m") and owner == account else ""


class Names:
    """Ids of one account by our names and back, as far as it was heard lately; a chat is a group or one person."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, str], str] = {}
        self._ids: dict[tuple[str, str], str] = {}
        self._recalled: dict[tuple[str, str], bool] = {}

    def note(self, chat: str, message_id: str, name: str) -> None:
        """That id means this message."""
        _make_room(self._names)
        _make_room(self._ids)
        self._names[chat, message_id] = name
        self._ids[chat, name] = message_id

    def note_recalled(self, chat: str, name: str) -> None:
        """That message was taken back."""
        _make_room(self._recalled)
        self._recalled[chat, name] = True

    def is_recalled(self, chat: str, name: str) -> bool:
        """Whether we heard lately that it was taken back."""
        return (chat, name) in self._recalled

    def name(self, chat: str, message_id: str) -> str:
        """Our name for it, empty where it was not heard."""
        return self._names.get((chat, message_id), "")

    def id(self, chat: str, name: str) -> str:
        """The id there, empty where it was not heard."""
        return self._ids.get((chat, name), "")


def _make_room(known: dict[tuple[str, str], Any]) -> None:
    if len(known) > REMEMBERED:
        for old in list(islice(known, REMEMBERED // 10)):
            del known[old]
