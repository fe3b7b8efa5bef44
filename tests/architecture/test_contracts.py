"""import-linter runs in ``make check``; here is what would make it blind: our own contract, and lists that miss a folder."""

from __future__ import annotations

import configparser

import pytest
from grimp import ImportGraph

from tools.contracts import PrivateTablesContract, owner_of
from tools.sizes import ROOT


@pytest.fixture(scope="module")
def config() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter", encoding="utf-8")
    return parser


def _modules(config: configparser.ConfigParser, contract: str, field: str) -> set[str]:
    return set(config[f"importlinter:contract:{contract}"][field].split())


def test_every_file_format_is_named_when_it_has_a_reader(config: configparser.ConfigParser) -> None:
    folder = ROOT / "qunying" / "carriers" / "files"
    formats = {f"qunying.carriers.files.{path.parent.name}" for path in folder.glob("*/read.py")}
    assert _modules(config, "formats", "modules") == formats


def test_every_carrier_is_named_when_it_has_a_folder(config: configparser.ConfigParser) -> None:
    folders = {f"qunying.carriers.{path.parent.name}" for path in (ROOT / "qunying" / "carriers").glob("*/__init__.py")}
    assert _modules(config, "carriers", "modules") == folders - {"qunying.carriers.wire"}  # what they share


def test_every_layer_below_the_doors_is_kept_from_the_network_when_it_is_no_carrier(
    config: configparser.ConfigParser,
) -> None:
    folders = {f"qunying.{path.parent.name}" for path in (ROOT / "qunying").glob("*/__init__.py")}
    may_call = {"qunying.carriers", "qunying.assistant", "qunying.runners", "qunying.project", "qunying.api"}
    assert _modules(config, "network", "source_modules") == folders - may_call


@pytest.mark.parametrize(
    ("module", "owner"),
    [
        ("qunying.desk.models", "qunying.desk"),
        ("qunying.talk.models.messages", "qunying.talk"),
        ("qunying.capabilities.order.models", "qunying.capabilities.order"),
        ("qunying.desk.queries", ""),
        ("qunying.desk.models_of_thought", ""),
    ],
)
def test_a_table_has_its_folder_when_the_module_is_called_models(module: str, owner: str) -> None:
    assert owner_of(module, "models") == owner


def test_a_contract_breaks_with_the_place_when_a_stranger_reads_a_table() -> None:
    graph = ImportGraph()
    contract = PrivateTablesContract("tables", {"root_packages": ["q"]}, {"name_of_module": "models"})
    for importer in ("q.desk.queries", "q.talk.tests.test_cases", "q.deskside.queries", "q.pipeline.batch"):
        graph.add_import(importer=importer, imported="q.desk.models", line_number=7, line_contents="")
    check = contract.check(graph, verbose=False)
    assert not check.kept
    assert check.metadata["places"] == [
        "q.deskside.queries:7 imports q.desk.models",
        "q.pipeline.batch:7 imports q.desk.models",
    ]
