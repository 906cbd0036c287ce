"""What the gateway's own parts hand to one another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

IfShort = Literal["refuse", "accept"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """What is wrong at one place of a file. It never repeats what stands there."""

    line: int
    column: str
    reason: str
