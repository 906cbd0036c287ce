"""What the gateway refuses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from santong.kernel.errors import Conflict, Invalid, NotAllowed


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


@dataclass
class ConnectionPaused(Conflict):
    """Nothing goes over a connection that somebody has paused."""

    code: ClassVar[str] = "gateway.connection_paused"
    connection_id: int


@dataclass
class TwoSecretsAlready(Conflict):
    """While a secret is rotated two are good; a third has to wait until the oldest has ended."""

    code: ClassVar[str] = "gateway.two_secrets_already"
    older_until: datetime


@dataclass
class ConnectionCodeTaken(Conflict):
    """Another connection of the merchant has this code."""

    code: ClassVar[str] = "gateway.connection_code_taken"
    connection_id: int


@dataclass
class SerialNumberTaken(Conflict):
    """An operation with this number is queued already, and it says something else."""

    code: ClassVar[str] = "gateway.serial_number_taken"
    serial_no: str
