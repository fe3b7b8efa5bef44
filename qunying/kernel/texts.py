"""Texts for people: written in Chinese and marked where they stand, said in the reader's language where they are shown."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Translate = Callable[[str], str]


def mark(text: str) -> str:
    """The text as it is. The mark lets ``tools/messages.py`` find it, so that it has English; whoever shows it translates."""
    return text


COMMA = mark("、")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A marked Chinese text, and what fills its ``%(name)s``: words, numbers, lists of them, or other sentences.

    ``str`` is the Chinese sentence.
    """

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.said(str)

    def said(self, translate: Translate) -> str:
        """The sentence in the language of ``translate``, which answers a text it does not know as it is."""
        words = translate(self.template) if self.template else ""
        return words % {name: _said(value, translate) for name, value in self.values.items()} if self.values else words

    def to_text(self) -> str:
        """As it is kept in a row to be said later: the bare text, or JSON where something fills it."""
        if not self.values:
            return self.template
        return json.dumps(_words(self), ensure_ascii=False, default=_words)

    @classmethod
    def of_text(cls, text: str) -> Sentence:
        """The inverse of ``to_text``. A text of somebody else, such as a platform's answer, is a sentence as it stands."""
        try:
            kept = json.loads(text, object_hook=_sentence)
            str(kept)  # what only looks like ours has other words in it than its text asks for
        except (ValueError, TypeError, KeyError, RecursionError):
            return cls(text)
        return kept if isinstance(kept, Sentence) else cls(text)


def _words(value: object) -> object:
    return {"text": value.template, "values": dict(value.values)} if isinstance(value, Sentence) else str(value)


def _sentence(words: dict[str, Any]) -> object:
    return Sentence(str(words["text"]), dict(words["values"])) if set(words) == {"text", "values"} else words


def _said(value: object, translate: Translate) -> object:
    if isinstance(value, Sentence):
        return value.said(translate)
    if isinstance(value, list | tuple):
        return translate(COMMA).join(str(_said(one, translate)) for one in value)
    return value
