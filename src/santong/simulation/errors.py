from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from santong.kernel.errors import Invalid, NotFound


@dataclass
class FilesMissing(NotFound):
    """The directory lacks files that the replay needs; all of them are named."""

    code: ClassVar[str] = "simulation.files_missing"
    directory: str
    missing: tuple[str, ...]


@dataclass
class ColumnsMissing(Invalid):
    """A file's header lacks columns that the replay needs; all of them are named."""

    code: ClassVar[str] = "simulation.columns_missing"
    file: str
    missing: tuple[str, ...]


@dataclass
class FileUnreadable(Invalid):
    """A file is cut off, not compressed as its name says, not UTF-8, or not CSV."""

    code: ClassVar[str] = "simulation.file_unreadable"
    file: str
    after_line: int
    reason: str


@dataclass
class NothingToReplay(Invalid):
    """Not one order is whole enough to be placed again."""

    code: ClassVar[str] = "simulation.nothing_to_replay"
    directory: str
    orders_read: int
