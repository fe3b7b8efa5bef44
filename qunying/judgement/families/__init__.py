"""Texts that are one text reworded: families across groups in bounded memory, and the phrases that make them one."""

from qunying.judgement.families.phrases import Phrase, shared_phrases
from qunying.judgement.families.place import Families, Family

__all__ = ["Families", "Family", "Phrase", "shared_phrases"]
