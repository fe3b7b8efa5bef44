"""A contract of ours for import-linter: tables are private to their folder, whichever folders there will be."""

from __future__ import annotations

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class PrivateTablesContract(Contract):
    """``X.models`` and what lies under it is imported only inside package ``X``; tests may look anywhere.

    import-linter's own «protected» needs one contract per folder for this, because its importers are allowed for every
    protected module alike; a folder added later would be unprotected until somebody remembers.
    """

    type_name = "private_tables"

    name_of_module = fields.StringField()

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001 - import-linter's signature
        """Every import of a ``models`` module from outside its own package breaks the contract."""
        name = str(self.name_of_module)
        found = [
            (importer, imported)
            for imported in sorted(graph.modules)
            if (owner := owner_of(imported, name))
            for importer in sorted(graph.find_modules_that_directly_import(imported))
            if importer != owner and not importer.startswith(f"{owner}.") and "tests" not in importer.split(".")
        ]
        places = [place for importer, imported in found for place in _places(graph, importer, imported)]
        return ContractCheck(kept=not places, metadata={"places": places})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """One line per import."""
        for place in check.metadata["places"]:
            output.print_error(f"- {place}; use that folder's queries.py and actions.py", bold=False)


def owner_of(module: str, name: str) -> str:
    """The package a ``models`` module belongs to, «» for any other module: ``a.b.models`` → ``a.b``."""
    parts = module.split(".")
    return ".".join(parts[: parts.index(name)]) if name in parts else ""


def _places(graph: ImportGraph, importer: str, imported: str) -> list[str]:
    details = graph.get_import_details(importer=importer, imported=imported)
    return [f"{importer}:{detail['line_number']} imports {imported}" for detail in details]
