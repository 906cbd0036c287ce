"""What stores refuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from santong.kernel.errors import Conflict, Invalid


@dataclass(frozen=True, kw_only=True, slots=True)
class RowError:
    """What is wrong with one cell of an import. Rows count from 1; the reason is a stable word."""

    row: int
    column: str
    reason: str
    value: str


@dataclass
class CodeTaken(Conflict):
    """A place with this code is there already."""

    code: ClassVar[str] = "stores.code_taken"
    taken: str


@dataclass
class ImportRefused(Invalid):
    """Rows of an import are wrong, and none was taken. The first errors, and how many there are."""

    code: ClassVar[str] = "stores.import_refused"
    errors: Sequence[RowError]
    error_count: int
