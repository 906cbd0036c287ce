"""What membership refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from santong.kernel.errors import Conflict


@dataclass
class CodeTaken(Conflict):
    """A pool or a programme has this code already, or the brand has a programme."""

    code: ClassVar[str] = "membership.code_taken"
    kind: str
    taken: str


@dataclass
class ProgrammeClosed(Conflict):
    """The programme takes nobody at present."""

    code: ClassVar[str] = "membership.programme_closed"
    programme_code: str


@dataclass
class CardTaken(Conflict):
    """Another card of the programme has this number."""

    code: ClassVar[str] = "membership.card_taken"
    programme_code: str
    number: str
