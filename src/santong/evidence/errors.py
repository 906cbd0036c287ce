"""The refusals of evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from santong.evidence.contracts import Fault
from santong.kernel.errors import Conflict, LimitExceeded, Unavailable


@dataclass
class EvidenceErased(Conflict):
    """The file was erased; that it was there, and its hash, is all that is left."""

    code: ClassVar[str] = "evidence.erased"
    evidence_id: int


@dataclass
class EvidenceDamaged(Conflict):
    """What is kept is not what was handed in."""

    code: ClassVar[str] = "evidence.damaged"
    evidence_id: int
    fault: Fault


@dataclass
class TooManyFiles(LimitExceeded):
    """The subject has as many files as it may have."""

    code: ClassVar[str] = "evidence.too_many_files"
    most: int


@dataclass
class FilesUnavailable(Unavailable):
    """The place where files are kept does not answer."""

    code: ClassVar[str] = "evidence.files_unavailable"
    retry_after_seconds: int = 10
