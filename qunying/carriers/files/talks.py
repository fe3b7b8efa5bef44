"""Which chat a file of many is in: chatlog and WeCom write one chat or several, row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .formats import Choices
from .records import ChatStarts


@dataclass(slots=True)
class Talk:
    """The chat being read.

    ``talkers`` reads the file once more for its chats: a private chat at its beginning stands for itself only when the
    file holds no other, and is then what the operator brought.
    """

    choices: Choices
    talkers: Callable[[], Iterator[str]]
    talker: str | None = None
    is_one_of_many: bool = False
    platform: str = ""

    def enter(self, talker: str, name: str, *, is_private: bool) -> Iterator[ChatStarts]:
        """Announces the chat when it is another one than before. A row without a chat belongs to the one before it."""
        if talker == self.talker or (not talker and self.talker is not None):
            return
        is_first = self.talker is None
        self.is_one_of_many = not is_first or (is_private and any(each not in {"", talker} for each in self.talkers()))
        self.talker = talker
        yield ChatStarts(
            name=name or ("" if self.is_one_of_many else self.choices.chat_name),
            ref=talker,
            platform=self.platform,
            is_private=is_private,
            is_one_of_many=self.is_one_of_many,
        )
