"""The facts of evidence: what was handed in and what was erased, never what is in it."""

from __future__ import annotations

from dataclasses import dataclass

from santong.kernel.facts import fact


@fact("evidence.evidence_added.v1", aggregate="subject")
@dataclass(frozen=True, kw_only=True, slots=True)
class EvidenceAdded:
    """Somebody handed a file in that stands behind the subject."""

    evidence_id: int
    subject: str
    kind: str
    media_type: str
    sha256: str


@fact("evidence.evidence_erased.v1", aggregate="subject")
@dataclass(frozen=True, kw_only=True, slots=True)
class EvidenceForgotten:
    """Nobody can open the file any more; its hash stays."""

    evidence_id: int
    subject: str
    sha256: str
