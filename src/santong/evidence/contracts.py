"""What leaves evidence: frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

Kind = Literal["photo", "video", "chat", "signature", "scan", "document"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

# What can be wrong with a file that is kept.
Fault = Literal["missing", "swapped", "unreadable", "other_bytes"]
FAULTS: Final[tuple[Fault, ...]] = get_args(Fault)

Geo = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A file that stands behind something. `sha256` is of exactly the bytes that were handed in."""

    id: int
    subject: str
    kind: Kind
    media_type: str
    name: str
    size_bytes: int
    sha256: str
    taken_at: datetime | None
    geo: Geo | None
    by: str
    added_at: datetime
    erased_at: datetime | None

    @property
    def is_picture(self) -> bool:
        """Whether a browser shows it as a picture."""
        return self.media_type in {"image/jpeg", "image/png", "image/webp"}

    @property
    def is_film(self) -> bool:
        """Whether a browser plays it."""
        return self.media_type.startswith("video/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What is wrong with a kept file: what it should be, and what is there instead.

    `missing`: there is no file. `swapped`: it is the file of `other_id`. `unreadable`: the sealed
    bytes were changed (hashes of what is kept). `other_bytes`: it opens, and is not what was
    handed in (hashes of the content).
    """

    evidence_id: int
    subject: str
    name: str
    fault: Fault
    expected_sha256: str
    found_sha256: str = ""
    other_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that somebody hands in, before it is kept."""

    kind: Kind
    name: str
    content: bytes
    taken_at: datetime | None = None
    geo: Geo | None = None
