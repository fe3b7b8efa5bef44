"""Errors that carry a sentence for the person who caused them."""

from __future__ import annotations

from qunying.kernel.texts import Sentence, Translate


class QunyingError(Exception):
    """Something a person can mend: what and where, in their words.

    ``template`` is a marked text, ``values`` fill it. ``str(error)`` is the Chinese sentence, ``error.said(gettext)`` the
    one in the reader's language.
    """

    def __init__(self, template: str = "", **values: object) -> None:
        super().__init__(template)
        self.sentence = Sentence(template, values)

    def __str__(self) -> str:
        return str(self.sentence)

    def said(self, translate: Translate) -> str:
        """The sentence in the language of ``translate``."""
        return self.sentence.said(translate)


class BadUse(QunyingError):
    """A command or form was given something wrong: exit code 2, status 422."""


class LostLease(QunyingError):
    """Somebody else has finished what this worker was telling; its transaction must be rolled back."""


def keepable(error: Exception) -> str:
    """What a row keeps of an error, for ``Sentence.of_text`` to say it later in the reader's language."""
    return error.sentence.to_text() if isinstance(error, QunyingError) else str(error)
