"""Writes ``docs/reference/`` from the sources: ``make reference``; ``--check`` says whether it is up to date.

Facts, settings, metrics, commands and screens are described where they are defined, in one sentence each. These pages only
collect them, so they cannot be wrong, and nobody writes them by hand. What the judges reach is collected by ``training.figures``.
"""

from __future__ import annotations

import argparse
import dataclasses
import inspect
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from qunying.runners.main import DJANGOS_OWN

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "reference"
NOTE = "<!-- Written by tools/make_reference.py from the sources. Change the sources, then `make reference`. -->"
English = Callable[[str], str]
Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Address:
    """A page or act of the console: where it lies, what its URL is called, what it promises."""

    path: str
    name: str
    title: str
    promise: str


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when the pages are written or up to date, 1 when ``--check`` finds one that is not."""
    parser = argparse.ArgumentParser(description="Write docs/reference/ from the sources.")
    parser.add_argument("--check", action="store_true", help="write nothing, say what is out of date")
    check = parser.parse_args(arguments).check
    with tempfile.TemporaryDirectory() as home:
        start_django(home)
        pages = make_pages()
    if check:
        stale = stale_pages(pages, FOLDER)
        print(
            "\n".join(f"docs/reference/{name}: out of date; make reference" for name in stale) or "reference: current"
        )
        return 1 if stale else 0
    write_pages(pages, FOLDER)
    print(f"reference: {len(pages)} pages")
    return 0


def start_django(home: str) -> None:
    """The product's settings in a home of our own; in a process where Django runs already, that one."""
    os.environ.setdefault("QUNYING_HOME", home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qunying.project.settings")
    import django

    django.setup()


def make_pages() -> dict[str, str]:
    """File name → text, of every page. Django must be set up."""
    from training.figures.page import render

    english = _english()
    return {
        "facts.md": facts_page(english),
        "settings.md": settings_page(english),
        "metrics.md": metrics_page(english),
        "kpis.md": kpis_page(english),
        "commands.md": commands_page(),
        "carriers.md": carriers_page(english),
        "screens.md": screens_page(english),
        "judgement.md": render(),
    }


def stale_pages(pages: Mapping[str, str], folder: Path) -> list[str]:
    """Names of pages that are missing, different, or describe something that has no page any more."""
    there = {path.name: path.read_text("utf-8") for path in folder.glob("*.md")} if folder.is_dir() else {}
    return sorted(name for name in {*pages, *there} if pages.get(name) != there.get(name))


def write_pages(pages: Mapping[str, str], folder: Path) -> None:
    """Writes them all and removes what is no longer a page."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in stale_pages({}, folder):
        if name not in pages:
            (folder / name).unlink()
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")


def facts_page(english: English) -> str:
    """Every kind of fact the journal knows."""
    from qunying.kernel.facts import FACTS

    rows = [(f"`{name}`", title, english(title)) for name, title in FACTS.items()]
    lead = "日志里能出现的每一种事实。名字是过去式，没有列在这里的名字记不进去。"
    return _page("事实 Facts", lead, [_table(("名字", "意思", "English"), rows)])


def settings_page(english: English) -> str:
    """Every setting of every capability in the roster."""
    from qunying.pipeline.roster import ROSTER

    parts = []
    for capability in ROSTER:
        rows = [_setting(field, english) for field in dataclasses.fields(capability.settings)]
        heading = f"## {capability.title} `{capability.name}` {english(capability.title)}".rstrip()
        table = _table(("设置", "默认", "范围", "说明", "English"), rows) if rows else "没有可以设置的。"
        parts.append(f"{heading}\n\n{table}")
    lead = "每个能力可以设置什么。先看群，再看社群，最后用默认值，一项一项地取；列表相加。"
    return _page("设置 Settings", lead, parts)


def _setting(field: dataclasses.Field[object], english: English) -> Row:
    said = str(field.metadata.get("help", ""))
    return f"`{field.name}`", shown_default(field), shown_range(field.metadata), said, english(said)


def metrics_page(english: English) -> str:
    """Every number of the catalogue, with what it counts."""
    from qunying.insights.catalogue import CATALOGUE
    from qunying.insights.journeys.catalogue import JOURNEYS, Journey
    from qunying.insights.metric import Metric

    rows = []
    told: tuple[Metric | Journey, ...] = (*CATALOGUE, *JOURNEYS)
    for each in told:
        said = " ".join((each.definition, *each.caveats))
        meant = " ".join(filter(None, map(english, (each.definition, *each.caveats))))
        by = " ".join(each.by) or (each.always_by if isinstance(each, Metric) else "")
        rows.append((f"`{each.name}`", each.title, said, each.unit, by, english(each.title), meant))
    lead = "每个数是怎么算的。`qunying metric 名字` 给出数，`qunying metric --list` 列出名字。"
    return _page(
        "指标 Metrics", lead, [_table(("名字", "叫法", "怎么算", "单位", "拆开看", "English", "Definition"), rows)]
    )


def kpis_page(english: English) -> str:
    """Every KPI with the purpose it follows from."""
    from qunying.insights.kpis.catalogue import KPIS

    rows = []
    for each in KPIS:
        told = tuple(filter(None, (each.definition, *each.caveats, each.lacks)))
        meant = " ".join(map(english, told))
        purposes, sources = " ".join(each.purposes), " ".join(each.sources) or "–"
        rows.append(
            (f"`{each.name}`", each.title, purposes, "".join(told), each.unit, sources, english(each.title), meant)
        )
    lead = "社群的 KPI 跟着它的目的走。`qunying kpi 社群` 给出数，`qunying kpi --list` 列出全部。"
    head = ("名字", "叫法", "目的", "怎么算", "单位", "从哪里来", "English", "Definition")
    return _page("KPI", lead, [_table(head, rows)])


def commands_page() -> str:
    """Every command with its arguments, as its own parser declares them."""
    parts = []
    for name, parser in parsers().items():
        rows = [(f"`{spelling(action)}`", shown_value(action), action.help or "") for action in own_actions(parser)]
        table = _table(("argument", "values", "meaning"), rows) if rows else "No arguments."
        parts.append(f"## `qunying {name}`\n\n{parser.description or ''}\n\n{table}")
    lead = (
        "Exit codes: 0 done, 1 failed, 2 bad use with one line on stderr. `QUNYING_HOME` (default `./var`) holds everything. "
        "Sentences for people are Chinese, and English where the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that says anything "
        "begins with `en`."
    )
    return _page("命令 Commands", lead, parts)


def carriers_page(english: English) -> str:
    """Every effect and who carries it out on each platform."""
    from qunying.carriers.connecting import KINDS, How, how_done
    from qunying.carriers.live import CARRIERS
    from qunying.outbox.words import KIND_WORDS

    words = {How.DOES: "群营做 does", How.PERSON: "请人做 asks a person", How.CANNOT: "做不到 cannot"}
    rows = [
        (
            f"`{kind}`",
            KIND_WORDS[kind],
            english(KIND_WORDS[kind]),
            *(words[how_done(one.name, kind)] for one in CARRIERS),
        )
        for kind in KINDS
    ]
    lead = "每个平台上谁来做什么。「请人做」会变成一件待办；在一个群里能不能做，还要看账号在那里的权限。"
    head = ("名字", "意思", "English", *(f"{one.title} `{one.name}`" for one in CARRIERS))
    return _page("平台 Carriers", lead, [_table(head, rows)])


def screens_page(english: English) -> str:
    """Every address of the console."""
    rows = [(f"`{each.path}`", f"`{each.name}`", each.title, english(each.title), each.promise) for each in addresses()]
    lead = "控制台的每一个地址。"
    return _page("页面 Screens", lead, [_table(("地址", "名字", "页面", "English", "Promise"), rows)])


def parsers() -> dict[str, argparse.ArgumentParser]:
    """Command → its parser, in the order in which ``qunying --help`` names them, then the others."""
    from django.core.management import get_commands, load_command_class

    from qunying.runners.main import COMMANDS

    ours = [name for name, app in get_commands().items() if app == "qunying.runners"]
    ordered = [name for name in COMMANDS if name in ours] + sorted(set(ours) - set(COMMANDS))
    return {name: load_command_class("qunying.runners", name).create_parser("qunying", name) for name in ordered}


def own_actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """A command's own arguments, those of its sub-commands too, without Django's."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for sub in action.choices.values():
                yield from own_actions(sub)
        elif action.dest not in {*DJANGOS_OWN, "help"}:
            yield action


def spelling(action: argparse.Action) -> str:
    """How an argument is typed."""
    return ", ".join(action.option_strings) or str(action.metavar or action.dest)


def shown_value(action: argparse.Action) -> str:
    """What may stand after an argument, and what is meant when it is not given."""
    if action.nargs == 0:
        return ""
    values = " ".join(str(choice) for choice in action.choices) if action.choices else ""
    default = f"default {action.default}" if action.default not in (None, "", [], argparse.SUPPRESS) else ""
    return "; ".join(part for part in (values, default) if part)


def addresses() -> list[Address]:
    """Every named address of the console, in the order in which Django tries them."""
    from django.urls import get_resolver

    titles = screen_titles()
    return list(_addresses(get_resolver().url_patterns, "/", "", titles))


def screen_titles() -> dict[str, str]:
    """URL name → title, of what stands in the navigation or is offered by a capability."""
    from qunying.console.shell import SECTIONS
    from qunying.pipeline.roster import ROSTER

    titles = {section.url_name: str(section.title) for section in SECTIONS}
    return {**titles, **{screen.url_name: screen.title for each in ROSTER for screen in each.screens}}


def _addresses(patterns: Iterable[object], path: str, space: str, titles: Mapping[str, str]) -> Iterator[Address]:
    from django.urls import URLPattern, URLResolver

    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _addresses(pattern.url_patterns, f"{path}{pattern.pattern}", inner, titles)
        elif isinstance(pattern, URLPattern) and pattern.name:
            name = f"{space}{pattern.name}"
            yield Address(f"{path}{pattern.pattern}", name, titles.get(name, ""), _promise(pattern.callback))


def _promise(view: Callable[..., object]) -> str:
    """First line of what a view says of itself; allauth's views say nothing worth showing."""
    shown = getattr(view, "view_class", inspect.unwrap(view))
    if not str(shown.__module__).startswith("qunying."):
        return ""
    return (inspect.getdoc(shown) or "").split("\n")[0]


def shown_default(field: dataclasses.Field[object]) -> str:
    """A default as an operator reads it."""
    value = field.default_factory() if callable(field.default_factory) else field.default
    if value in ("", (), None):
        return "空"
    if isinstance(value, bool):
        return "是" if value else "否"
    return "；".join(map(str, value)) if isinstance(value, tuple) else str(value)


def shown_range(metadata: Mapping[str, object]) -> str:
    """«0–120» where a setting has limits."""
    low, high = metadata.get("low"), metadata.get("high")
    if low is None and high is None:
        return ""
    return f"{'' if low is None else low}–{'' if high is None else high}"


def _page(title: str, lead: str, parts: Sequence[str]) -> str:
    return "\n\n".join((NOTE, f"# {title}", lead, *parts)) + "\n"


def _table(head: Row, rows: Sequence[Row]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(str(text).split()).replace("|", "\\|")


def _english() -> English:
    from tools import messages

    catalogue = messages.load()

    def english(text: str) -> str:
        """The English of a text, "" where there is none."""
        message = catalogue.get(text) if text else None
        return message.string if message is not None and isinstance(message.string, str) else ""

    return english


if __name__ == "__main__":
    sys.exit(main())
