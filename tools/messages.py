"""Texts and their English: ``python tools/messages.py update | compile | check``.

The source language is Chinese: a msgid is what a Chinese reader sees. One catalogue serves every app.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "qunying"
CATALOGUE = PACKAGE / "ui" / "locale" / "en" / "LC_MESSAGES" / "django.po"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "mark": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
HEADER = """\
msgid ""
msgstr ""
"Language: en\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what was asked; 0 when all is well, 1 when ``check`` has complaints (one line each on stderr)."""
    parser = argparse.ArgumentParser(description="Texts and their English.")
    parser.add_argument("act", choices=("update", "compile", "check"))
    act = parser.parse_args(arguments).act
    if act == "check":
        complaints = check()
        print("\n".join(complaints), file=sys.stderr) if complaints else print("messages: complete")
        return 1 if complaints else 0
    if act == "update":
        print(f"messages: {len(update())} texts")
    else:
        print(f"messages: wrote {compile_catalogue().relative_to(ROOT)}")
    return 0


def update() -> Catalog:
    """Bring the catalogue to the sources: new texts come in untranslated, gone ones leave, translations stay."""
    fresh = found_texts()
    known = load()
    for message in fresh:
        # by context too: «date format» and a word may look the same
        old = known.get(message.id, message.context) if message.id else None
        if old is not None:
            message.string = old.string
    _save(fresh)
    return fresh


def compile_catalogue() -> Path:
    """Write the binary catalogue that Django reads, beside the text one."""
    target = CATALOGUE.with_suffix(".mo")
    with target.open("wb") as file:
        write_mo(file, load())
    return target


def check(only_in: str = "") -> list[str]:
    """Complaints: texts without English, English without text, placeholders that differ.

    ``only_in``: a path prefix (``qunying/ui``) to look at, for tests of one folder.
    """
    fresh, known = found_texts(), load()
    complaints = [] if only_in else list_uncounted()
    for message in fresh:
        if message.id and _first_place(message).startswith(only_in):
            complaints += _complaints(message, known.get(message.id, message.context))
    if not only_in:
        gone = (m for m in known if m.id and fresh.get(m.id, m.context) is None)
        complaints += [f"{_shown(message)}: no longer in the sources; run update" for message in gone]
    return complaints


def found_texts() -> Catalog:
    """Every text marked for translation in the package's Python files and templates."""
    catalog = Catalog(locale="en", charset="utf-8")
    for place, text, context in _texts():
        # the line is left out: it would change with every edit
        catalog.add(text, locations=[(place, 0)], context=context)
    return catalog


def list_uncounted() -> list[str]:
    """Complaints about texts that stand with a count in one place and without it in another.

    A catalogue has one entry for both, so the second place would always read as for one: «12 person».
    """
    found = list(_texts())
    counted = {(text[0], context) for _place, text, context in found if isinstance(text, tuple)}
    return [
        f"{place}: {text!r}: is counted elsewhere, count it here too"
        for place, text, context in found
        if isinstance(text, str) and (text, context) in counted
    ]


def _texts() -> Iterator[tuple[str, str | tuple[str, ...], str | None]]:
    """(place, text or its singular and plural, context) of everything marked."""
    for path in sorted(
        one for kind in ("*.py", "templates/**/*.html", "templates/**/*.txt") for one in PACKAGE.rglob(kind)
    ):
        if "tests" not in path.relative_to(PACKAGE).parts:
            place = path.relative_to(ROOT).as_posix()
            yield from ((place, text, context) for _line, text, context in _texts_in(path))


def load() -> Catalog:
    """The catalogue as it stands; an empty one when there is none yet."""
    if not CATALOGUE.exists():
        return Catalog(locale="en", charset="utf-8")
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def _texts_in(path: Path) -> Iterator[tuple[int, str | tuple[str, ...], str | None]]:
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        source = _as_python(source)
    for line, text, _comments, context in extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS):
        yield line, text, context


def _as_python(template: str) -> str:
    """A template with everything but its texts blanked out, in brackets so that indentation means nothing."""
    from django.utils.translation.template import templatize

    return f"(\n{templatize(template)}\n)"


def _complaints(message: Message, english: Message | None) -> list[str]:
    strings = _strings(english) if english else []
    if not strings or not all(strings):
        return [f"{_first_place(message)}: {_shown(message)}: no English"]
    assert english is not None
    return [f"{_first_place(message)}: {_shown(message)}: {error}" for error in english.check()]


def _strings(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def _shown(message: Message) -> str:
    return f"«{message.id if isinstance(message.id, str) else message.id[0]}»"


def _first_place(message: Message) -> str:
    return str(message.locations[0][0]) if message.locations else CATALOGUE.name


def _save(catalog: Catalog) -> None:
    body = io.BytesIO()
    write_po(
        body,
        catalog,
        omit_header=True,
        sort_by_file=True,
        include_lineno=False,
        width=116,
    )
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_text(HEADER + body.getvalue().decode().lstrip("\n"), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
