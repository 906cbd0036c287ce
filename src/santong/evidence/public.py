"""The door of evidence: what other contexts may use."""

from __future__ import annotations

from santong.evidence.contracts import (
    FAULTS,
    KINDS,
    Difference,
    Evidence,
    Fault,
    Geo,
    Kind,
    Upload,
)
from santong.evidence.errors import (
    EvidenceDamaged,
    EvidenceErased,
    FilesUnavailable,
    TooManyFiles,
)
from santong.evidence.selectors.evidence import by_id, content_of, of_subject, of_subjects
from santong.evidence.selectors.verification import check_invariants, verify
from santong.evidence.services.add import add, add_all
from santong.evidence.services.forget import forget
from santong.evidence.uploads.answers import file_answer
from santong.evidence.uploads.forms import drawn_signature, uploads_of
from santong.evidence.uploads.rest import SubjectOf, evidence_endpoints

__all__ = [
    "FAULTS",
    "KINDS",
    "Difference",
    "Evidence",
    "EvidenceDamaged",
    "EvidenceErased",
    "Fault",
    "FilesUnavailable",
    "Geo",
    "Kind",
    "SubjectOf",
    "TooManyFiles",
    "Upload",
    "add",
    "add_all",
    "by_id",
    "check_invariants",
    "content_of",
    "drawn_signature",
    "evidence_endpoints",
    "file_answer",
    "forget",
    "of_subject",
    "of_subjects",
    "uploads_of",
    "verify",
]
