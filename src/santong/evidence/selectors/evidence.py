"""Evidence of a subject, one piece of it, and its content."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from cryptography.exceptions import InvalidTag

from santong.evidence import contracts
from santong.evidence.errors import EvidenceDamaged, EvidenceErased
from santong.evidence.models import Evidence, content_place
from santong.evidence.selectors.files import read_file
from santong.kernel import crypto
from santong.kernel.errors import NoSuch


def of_subject(*, merchant_id: int, subject: str) -> list[contracts.Evidence]:
    """What stands behind a subject, in the order in which it was handed in."""
    rows = Evidence.objects.of_merchant(merchant_id).filter(subject=subject).order_by("id")
    return [row.as_contract() for row in rows]


def of_subjects(
    *, merchant_id: int, subjects: Collection[str]
) -> dict[str, list[contracts.Evidence]]:
    """The same for several subjects; each of them has its list."""
    found: dict[str, list[contracts.Evidence]] = {subject: [] for subject in subjects}
    rows = Evidence.objects.of_merchant(merchant_id).filter(subject__in=found).order_by("id")
    for row in rows:
        found[row.subject].append(row.as_contract())
    return found


def by_id(*, merchant_id: int, evidence_id: int) -> contracts.Evidence:
    """One piece. Raises NoSuch."""
    return row_by_id(merchant_id=merchant_id, evidence_id=evidence_id).as_contract()


def content_of(*, merchant_id: int, evidence_id: int) -> bytes:
    """Exactly the bytes that were handed in.

    Raises NoSuch, EvidenceErased, EvidenceDamaged, FilesUnavailable.
    """
    row = row_by_id(merchant_id=merchant_id, evidence_id=evidence_id)
    if row.erased_at is not None:
        raise EvidenceErased(evidence_id=row.id)
    sealed = read_file(row.file)
    if sealed is None:
        raise EvidenceDamaged(evidence_id=row.id, fault="missing")
    content = opened(row, sealed)
    if content is None:
        raise EvidenceDamaged(evidence_id=row.id, fault="unreadable")
    if hashlib.sha256(content).hexdigest() != row.sha256:
        raise EvidenceDamaged(evidence_id=row.id, fault="other_bytes")
    return content


def row_by_id(*, merchant_id: int, evidence_id: int) -> Evidence:
    """One row. Raises NoSuch."""
    row = Evidence.objects.of_merchant(merchant_id).filter(id=evidence_id).first()
    if row is None:
        raise NoSuch(kind="evidence", key=str(evidence_id))
    return row


def opened(row: Evidence, sealed: bytes) -> bytes | None:
    """What sealed bytes say; nothing, if they or their key are not what was kept."""
    place = content_place(merchant_id=row.merchant_id, file=row.file)
    try:
        return crypto.unseal(key=row.key(), sealed=sealed, place=place)
    except (InvalidTag, ValueError):
        return None
