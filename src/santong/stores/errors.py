"""What stores refuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from santong.kernel.errors import Conflict, Invalid
from santong.stores.contracts import RowError


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
