"""What models read of a text must stay what they have learnt: whoever makes reading faster, or other, learns of it here."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator

from qunying.judgement.form import form_of
from qunying.judgement.grams import dress, places_of
from qunying.judgement.sounds import spell
from training.labelled.lines import read_lines
from training.texts.disguise import TRICKS

SEED = 20240306
_ODD = (
    "",
    "\ud800",
    "加Ⅴ：ａｂ①𝐕🇻🇽1️⃣㏇",
    "İßﬁﷺ",
    "раураl Привет 微信аб",
    "哈哈哈哈1111²²²²  \n\n\n\n",
    "wei\u200bxin xian WOMEN",
    "🎉" * 9,
)
READ = "973bdabebf635356f1c2f3c7953e4bf697977e30c84b52ceede3210f7e0f4bdf"  # sha256 of what is read of these texts; with another one, for the same lines, every model has to be trained again


def texts() -> Iterator[str]:
    """Lines of ours as written, disguised and run together, and odd ones."""
    chance = random.Random(SEED)
    lines = [line.text for line in read_lines()[::4]]
    for text in lines:
        yield text
        yield TRICKS[chance.choice(sorted(TRICKS))](text, chance)
    yield from _ODD
    yield "".join(lines)


def read(text: str) -> bytes:
    """The views, the ways back, the runs and the signs of form of a text."""
    dressed = dress(text)
    ways = [(list(view.starts), list(view.ends)) for view in (dressed.folded, dressed.tight, dressed.sound)]
    told = repr((dressed.views, dressed.folded.text, ways)).encode(errors="surrogatepass")
    return told + places_of(dressed.views).tobytes() + form_of(dressed.folded.text).tobytes()


def test_the_same_is_read_when_two_thousand_texts_are_dressed() -> None:
    assert hashlib.sha256(b"".join(map(read, texts()))).hexdigest() == READ


def test_what_was_spelt_is_forgotten_when_much_was_read() -> None:
    assert spell.cache_info().maxsize is not None
