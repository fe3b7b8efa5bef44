from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tools import messages


def test_every_text_of_the_shell_has_english_when_checked() -> None:
    assert messages.check(only_in="qunying/ui/") == []


def test_english_sentences_stand_apart_when_one_is_bold_before_another() -> None:
    """Chinese needs no space between two sentences, so the templates have none: the English brings it."""
    templates = [path.read_text(encoding="utf-8") for path in messages.PACKAGE.rglob("templates/**/*.html")]
    bold = re.compile(r'<b>{% translate "([^"]+。)" %}</b>(?:{% translate|<bdi>)')
    english = messages.load()
    found = {text: str(english[text].string) for template in templates for text in bold.findall(template)}
    assert found
    assert [text for text, said in found.items() if not said.endswith(" ")] == []


@pytest.fixture
def small_house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package with one Python file, one template, and a catalogue that knows an old text."""
    package = tmp_path / "qunying"
    (package / "templates").mkdir(parents=True)
    (package / "words.py").write_text('title = _("群名片")\nsub = pgettext("unit", "条")\n', encoding="utf-8")
    page = '<p class="x">{% translate "移出群聊" %}</p>\n   {% blocktranslate with n=count %}还有 {{ n }} 人\'s{% endblocktranslate %}{% how _("成员") %}'
    (package / "templates" / "page.html").write_text(page, encoding="utf-8")
    catalogue = tmp_path / "django.po"
    catalogue.write_text(
        messages.HEADER + 'msgid "群名片"\nmsgstr "Group card"\n\nmsgid "旧话"\nmsgstr "Old"\n', encoding="utf-8"
    )
    for name, value in (("ROOT", tmp_path), ("PACKAGE", package), ("CATALOGUE", catalogue)):
        monkeypatch.setattr(messages, name, value)
    return tmp_path


def test_update_keeps_english_and_drops_the_gone_when_sources_changed(small_house: Path) -> None:
    messages.update()
    catalog = messages.load()
    assert {message.id for message in catalog if message.id} == {"群名片", "条", "移出群聊", "还有 %(n)s 人's", "成员"}
    assert catalog.get("群名片").string == "Group card"
    assert catalog.get("条", "unit") is not None


def test_update_writes_the_same_file_when_nothing_changed(small_house: Path) -> None:
    messages.update()
    first = messages.CATALOGUE.read_bytes()
    messages.update()
    assert messages.CATALOGUE.read_bytes() == first
    assert b"Creation-Date" not in first


def test_check_names_place_and_text_when_english_is_missing(small_house: Path) -> None:
    complaints = messages.check()
    assert "qunying/templates/page.html: «移出群聊»: no English" in complaints
    assert any("旧话" in complaint for complaint in complaints)
    assert not any("群名片" in complaint for complaint in complaints)


def test_check_complains_when_a_placeholder_is_lost(small_house: Path) -> None:
    (small_house / "qunying" / "words.py").write_text('x = _("还有 %(n)s 人")', encoding="utf-8")
    (small_house / "qunying" / "templates" / "page.html").write_text("", encoding="utf-8")
    text = messages.HEADER + '#, python-format\nmsgid "还有 %(n)s 人"\nmsgstr "%(m)s people left"\n'
    messages.CATALOGUE.write_text(text, encoding="utf-8")
    assert len(messages.check()) == 1


def test_compiled_catalogue_is_read_back_when_written(small_house: Path) -> None:
    compiled = messages.compile_catalogue()
    assert compiled.read_bytes()[:4] in {b"\xde\x12\x04\x95", b"\x95\x04\x12\xde"}
    assert read_po(messages.CATALOGUE.open("rb")).get("群名片").string == "Group card"
