"""What the gateway refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from santong.kernel.errors import Invalid, NotAllowed


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """What is wrong at one place of a file. It never repeats what stands there."""

    line: int
    column: str
    reason: str


@dataclass
class PlaceNotYours(NotAllowed):
    """Staff of some places hand in the orders that one of these places has sold."""

    code: ClassVar[str] = "gateway.place_not_yours"
    pointer: str = "/seller_location_code"


@dataclass
class FileUnreadable(Invalid):
    """Nothing of the file can be taken in."""

    code: ClassVar[str] = "gateway.file_unreadable"
    problem: RowProblem
