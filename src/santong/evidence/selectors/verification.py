"""Whether what is kept is still what was handed in, and if not, what differs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

from santong.evidence import contracts
from santong.evidence.models import Evidence
from santong.evidence.selectors.evidence import opened
from santong.evidence.selectors.files import read_file
from santong.kernel.doctor import Finding

SAMPLE: Final = 20
_RULE: Final = "a file of evidence is what was handed in"


def verify(*, merchant_id: int, evidence_ids: Sequence[int]) -> list[contracts.Difference]:
    """What differs of these files; nothing, if all are as they were handed in.

    What was erased differs in nothing: it is gone on purpose. Raises FilesUnavailable.
    """
    rows = Evidence.objects.of_merchant(merchant_id).filter(
        id__in=list(evidence_ids), erased_at=None
    )
    return _differences(rows.order_by("id"))


def check_invariants(*, merchant_id: int, now: datetime | None = None) -> list[Finding]:
    """Open a sample of the files: the newest, and some from elsewhere, others every time."""
    rows = Evidence.objects.of_merchant(merchant_id).filter(erased_at=None)
    newest = list(rows.order_by("-id")[:SAMPLE])
    if not newest:
        return []
    seconds = int((now or datetime.now(UTC)).timestamp())
    elsewhere = rows.filter(id__lt=newest[-1].id, id__gte=seconds * 7919 % newest[-1].id)
    return [
        Finding("evidence", _RULE, f"{each.subject}, evidence {each.evidence_id}: {each.fault}")
        for each in _differences([*newest, *elsewhere.order_by("id")[:SAMPLE]])
    ]


def _differences(rows: Iterable[Evidence]) -> list[contracts.Difference]:
    found = [_difference(row) for row in rows]
    return [each for each in found if each is not None]


def _difference(row: Evidence) -> contracts.Difference | None:
    sealed = read_file(row.file)
    if sealed is None:
        return _said(row, "missing", row.file_sha256, "")
    kept = hashlib.sha256(sealed).hexdigest()
    content = opened(row, sealed)
    if content is None:
        other = _whose(row, kept)
        fault: contracts.Fault = "unreadable" if other is None else "swapped"
        return _said(row, fault, row.file_sha256, kept, other)
    found = hashlib.sha256(content).hexdigest()
    if found != row.sha256:
        return _said(row, "other_bytes", row.sha256, found)
    # It opens and says the same, but somebody with the key has sealed it anew.
    return _said(row, "unreadable", row.file_sha256, kept) if kept != row.file_sha256 else None


def _whose(row: Evidence, file_sha256: str) -> int | None:
    """Another piece of the merchant whose file this is."""
    return (
        Evidence.objects.of_merchant(row.merchant_id)
        .filter(file_sha256=file_sha256)
        .exclude(id=row.id)
        .values_list("id", flat=True)
        .first()
    )


def _said(
    row: Evidence, fault: contracts.Fault, expected: str, found: str, other_id: int | None = None
) -> contracts.Difference:
    return contracts.Difference(
        evidence_id=row.id,
        subject=row.subject,
        name=row.as_contract().name,
        fault=fault,
        expected_sha256=expected,
        found_sha256=found,
        other_id=other_id,
    )
