"""A published table: its names and its columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# Compressed, or as somebody unpacked it.
SUFFIXES = (".csv.gz", ".csv")


@dataclass(frozen=True, slots=True)
class File:
    """One table: the names it is published under, and the columns that are read, in order."""

    table: str
    names: tuple[str, ...]
    columns: tuple[str, ...]
    also_written: Mapping[str, str] = field(default_factory=dict[str, str])
