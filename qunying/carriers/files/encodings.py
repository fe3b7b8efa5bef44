"""Which characters the bytes of an export are: found from the bytes alone, in constant memory."""

from __future__ import annotations

import codecs
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from charset_normalizer import from_bytes

CHUNK_BYTES = 64 * 1024
PROOF_CHARACTERS = 2_000
SAMPLE_BYTES = 256 * 1024
UNREADABLE = (
    OSError,
    EOFError,
    RuntimeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
)

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_WESTERN = frozenset("äöüßÄÖÜéèêëàâáãåçîïìíñôõòóøœæúùûÉÈÀÁÇÑÓÚÅØ¿¡«»€–—‘’“”…·°§ºª´")
_HIGH_BYTES = bytes(range(0x80, 0x100))
_COMMON = frozenset(
    "的一是不了在人有我他这這个個们們中来來上大为為和国國地到以说說时時要就出会會可也你对對生能而子那得于於着著"
    "下自之年过過发發后後作里裡用道行所然家种種事成方多经經么麼去学學如都同现現当當没沒动動面起看定天分还還进進"
    "好小部其些主样樣理心她本前开開但因只从從想实實日者意无無力它与與长長把十第已工使情明性知全三关關点點正外"
    "将將两兩高间間由问問很最重手应應向头頭文体體美相见見被什二等吗嗎吧啊哦哈呢谢謝今晚早群图圖片息消系统統"
    "嘅係喺咗唔佢哋冇啲，。！？、：；（）「」《》【】…"
)


@dataclass(slots=True)
class _Tally:
    """What a reading as UTF-8 found so far, and the first part of the file that is not plain ASCII."""

    good: int = 0
    broken: int = 0
    sample: bytes = b""

    @property
    def is_decided(self) -> bool:
        return (self.good >= PROOF_CHARACTERS and self.good > 20 * self.broken) or len(self.sample) >= SAMPLE_BYTES


def detect_encoding(open: Callable[[], IO[bytes]]) -> str:
    """The codec name to decode this file with. Never raises: what cannot be read or told is called "utf-8".

    ``open`` gives a fresh binary stream, closed here. Reading goes on past the head until characters beyond ASCII have
    decided it, so a file whose first Chinese character comes late is still told right; memory stays constant.
    """
    try:
        with open() as stream:
            return _encoding_of(iter(lambda: stream.read(CHUNK_BYTES), b""))
    except UNREADABLE:
        return "utf-8"


def _encoding_of(chunks: Iterator[bytes]) -> str:
    head = next(chunks, b"")
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name
    return _wide_encoding(head) or _narrow_encoding(head, chunks)


def _wide_encoding(head: bytes) -> str:
    """UTF-16 without a mark: the ASCII in it (digits, spaces, line ends) leaves zero bytes on one side."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    zeros = even + odd
    if zeros < 2 or zeros * 50 < len(head) or max(even, odd) * 4 < zeros * 3:
        return ""
    name = "utf-16-le" if odd > even else "utf-16-be"
    whole = head[: len(head) // 2 * 2]
    broken = codecs.decode(whole, name, "replace").count("\ufffd")
    return name if broken * 100 <= len(whole) else ""


def _narrow_encoding(head: bytes, chunks: Iterator[bytes]) -> str:
    tally = _Tally()
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    chunk = head
    while chunk and not tally.is_decided:
        if not (chunk.isascii() and not decoder.getstate()[0]):
            _count(tally, chunk, decoder.decode(chunk))
        chunk = next(chunks, b"")
    if tally.good >= tally.broken:
        return "utf-8"
    return _chinese_encoding(tally.sample) or _other_encoding(tally.sample)


def _count(tally: _Tally, chunk: bytes, text: str) -> None:
    ascii_bytes = len(chunk.translate(None, delete=_HIGH_BYTES))
    broken = max(0, text.count("\ufffd") - chunk.count(b"\xef\xbf\xbd"))
    tally.broken += broken
    tally.good += max(0, len(text) - ascii_bytes - broken)
    tally.sample += chunk


def _chinese_encoding(sample: bytes) -> str:
    """The Chinese code page under which the sample reads as everyday Chinese, "" where it reads so under none."""
    scores = {name: _everyday_share(sample, name) for name in ("gb18030", "big5hkscs")}
    best = "big5hkscs" if scores["big5hkscs"] > 1.5 * scores["gb18030"] else "gb18030"
    if scores[best] > 0.1:
        return best
    return "gb18030" if _broken_share(sample, "gb18030") == 0 and not _has_lone_bytes(sample) else ""


def _has_lone_bytes(sample: bytes) -> bool:
    """Whether most bytes beyond ASCII stand alone, as accents do (``J\xf6rg``); Chinese signs have two and come in rows."""
    runs = _HIGH_RUN.findall(sample)
    return sum(1 for run in runs if len(run) == 1) * 2 > len(runs)


def _everyday_share(sample: bytes, name: str) -> float:
    text = codecs.decode(sample, name, "replace")
    beyond = [character for character in text if character > "\x7f"]
    everyday = sum(1 for character in beyond if character in _COMMON)
    return (everyday - 2 * beyond.count("\ufffd")) / max(1, len(beyond))


def _broken_share(sample: bytes, name: str) -> float:
    """The share of characters that do not decode; the last one may be cut by the end of the sample."""
    text = codecs.getincrementaldecoder(name)("replace").decode(sample)
    beyond = sum(1 for character in text if character > "\x7f")
    return text.count("\ufffd") / max(1, beyond)


def _other_encoding(sample: bytes) -> str:
    """What bytes are that are neither UTF-8 nor Chinese: Western where they read so, else what the general guesser says."""
    if _WESTERN.issuperset(sign for sign in sample.decode("cp1252", "replace") if sign > "\x7f"):
        return "cp1252"
    best = from_bytes(sample[:CHUNK_BYTES]).best()
    name = best.encoding if best is not None else "utf-8"
    return "utf-8" if name == "ascii" else name
