"""What a picture says: codes (QR and others), how it looks (to find it again), and its words where OCR is installed."""

from qunying.judgement.images.codes import Code, CodesRead, read_codes
from qunying.judgement.images.likeness import Likeness, are_alike, likeness
from qunying.judgement.images.looking import Look, look_at
from qunying.judgement.images.opening import BadPicture
from qunying.judgement.images.words import ReadsWords, WordsRead, installed_reader, read_words

__all__ = [
    "BadPicture",
    "Code",
    "CodesRead",
    "Likeness",
    "Look",
    "ReadsWords",
    "WordsRead",
    "are_alike",
    "installed_reader",
    "likeness",
    "look_at",
    "read_codes",
    "read_words",
]
