"""Whether an accepted agreement is unchanged: rows, record, chain, paper, files."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from santong.agreements.contracts import Finding, Verified
from santong.agreements.errors import AgreementPassed
from santong.agreements.models import ServiceAgreement
from santong.agreements.selectors.chain import findings_of_chain
from santong.agreements.selectors.papers import findings_of_paper
from santong.evidence import public as evidence
from santong.kernel.errors import NoSuch


def verify_agreement(*, merchant_id: int, agreement_id: int, now: datetime) -> Verified:
    """Check all that is kept of an acceptance, and say exactly what has changed, if anything has.

    Raises NoSuch, AgreementPassed (it was never accepted), FilesUnavailable.
    """
    row = ServiceAgreement.objects.of_merchant(merchant_id).filter(id=agreement_id).first()
    if row is None:
        raise NoSuch(kind="agreement", key=str(agreement_id))
    if row.accepted_at is None:
        raise AgreementPassed(state=row.state)
    return Verified(
        agreement_id=row.id,
        checked_at=now,
        findings=tuple(all_findings(row)),
        is_paper_there=row.paper_id is not None,
        is_erased=row.erased_at is not None,
    )


def all_findings(row: ServiceAgreement) -> list[Finding]:
    """Everything that is not as it was accepted."""
    record, damaged = _kept_record(row)
    return [
        *findings_of_chain(row, kept_record=record),
        *damaged,
        *findings_of_paper(row),
        *_files_apart(row),
    ]


def _kept_record(row: ServiceAgreement) -> tuple[dict[str, Any] | None, list[Finding]]:
    """The record as it is kept beside the chain, once that has been made."""
    if row.record_id is None:
        return None, []
    try:
        content = evidence.content_of(merchant_id=row.merchant_id, evidence_id=row.record_id)
        found: dict[str, Any] = json.loads(content)
    except evidence.EvidenceDamaged as damaged:
        return None, [Finding(kind="record_file", where="record.json", found=damaged.fault)]
    except (NoSuch, evidence.EvidenceErased):
        return None, [Finding(kind="record_file", where="record.json", found="missing")]
    return found, []


def _files_apart(row: ServiceAgreement) -> list[Finding]:
    """Files that stood behind it when it was accepted, and all that was added since."""
    kept = evidence.of_subject(merchant_id=row.merchant_id, subject=row.subject)
    apart_from = {row.record_id, row.paper_id}
    there = {each.sha256 for each in kept}
    found = [
        Finding(kind="file", where=f"sha256 {sha256}", expected=sha256, found="missing")
        for sha256 in row.files
        if sha256 not in there
    ]
    checked = evidence.verify(
        merchant_id=row.merchant_id,
        evidence_ids=[each.id for each in kept if each.id not in apart_from],
    )
    return found + [
        Finding(
            kind="file",
            where=each.name or f"evidence {each.evidence_id}",
            expected=each.expected_sha256,
            found=each.fault if not each.found_sha256 else f"{each.fault} {each.found_sha256}",
        )
        for each in checked
    ]
