"""The import contracts "contexts meet at the door" and "inside a context"."""

from __future__ import annotations

from typing import Any

import grimp
from importlinter import Contract, ContractCheck, fields, output
from importlinter.contracts.layers import LayersContract
from importlinter.domain.helpers import module_expressions_to_modules
from importlinter.domain.imports import ModuleExpression


class InsideContexts(LayersContract):
    """Layers inside every container, those that come later included, apart from the ones named."""

    type_name = "inside_contexts"

    apart_from = fields.ListField(subfield=fields.StringField(), required=False, default=[])

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001  (called by import-linter)
        containers: Any = self.containers  # the descriptor's parsed value
        found = {module.name for module in module_expressions_to_modules(graph, containers)}
        inside = sorted(found - set(_strings(self.apart_from)))
        vars(self)["containers"] = [ModuleExpression(name) for name in inside]
        return super().check(graph, verbose)


class PublicOnly(Contract):
    """Modules of one context import nothing of another but its door.

    Options:
        root:             the package that holds the contexts, one package each.
        open:             contexts that have no door, because they hide nothing.
        door:             module names that anyone may import.
        door_for_tests:   module names that tests may import as well.
        wiring:           contexts that put the others together.
        door_for_wiring:  module names that those may import as well.
    """

    type_name = "public_only"

    root = fields.StringField()
    open = fields.ListField(subfield=fields.StringField(), required=False, default=[])
    door = fields.ListField(subfield=fields.StringField())
    door_for_tests = fields.ListField(subfield=fields.StringField(), required=False, default=[])
    wiring = fields.ListField(subfield=fields.StringField(), required=False, default=[])
    door_for_wiring = fields.ListField(subfield=fields.StringField(), required=False, default=[])

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001  (called by import-linter)
        climbs = [
            (importer, imported, _lines(graph, importer, imported))
            for importer in sorted(graph.modules)
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if self._climbs_through_a_window(importer=importer, imported=imported)
        ]
        return ContractCheck(kept=not climbs, metadata={"climbs": climbs})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported, lines in check.metadata["climbs"]:
            places = ", ".join(f"l.{line}" for line in lines)
            output.print_error(f"{importer} -> {imported} ({places})", bold=False)
        output.new_line()
        output.print_error(f"Import {' or '.join(_strings(self.door))} instead.", bold=False)

    def _climbs_through_a_window(self, *, importer: str, imported: str) -> bool:
        guest, guest_path = self._place(importer)
        host, host_path = self._place(imported)
        if not host or host == guest or host in _strings(self.open):
            return False
        doors = set(_strings(self.door))
        if "tests" in guest_path.split("."):
            doors.update(_strings(self.door_for_tests))
        if guest in _strings(self.wiring):
            doors.update(_strings(self.door_for_wiring))
        return host_path not in doors

    def _place(self, module: str) -> tuple[str, str]:
        """The context a module belongs to, and its path inside; nothing for a stranger's."""
        prefix = f"{self.root}."
        if not module.startswith(prefix):
            return "", ""
        context, _, path = module.removeprefix(prefix).partition(".")
        return context, path


def _lines(graph: grimp.ImportGraph, importer: str, imported: str) -> list[int]:
    details = graph.get_import_details(importer=importer, imported=imported)
    return sorted({detail["line_number"] for detail in details})


def _strings(value: Any) -> list[str]:
    """What import-linter's descriptors hold once the options are read."""
    assert isinstance(value, list)
    return value
