"""Files are erased: nobody can open them any more, and their hashes stay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from santong.evidence.events import EvidenceForgotten
from santong.evidence.models import Evidence
from santong.evidence.services.files import remove_file
from santong.kernel import audit, outbox
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def forget(*, merchant_id: int, evidence_ids: Sequence[int], reason: str, now: datetime) -> None:
    """Forget the keys of these files now, and remove the files once that is committed.

    What is erased already stays so. Emits EvidenceForgotten. Locks the evidence.
    """
    rows = Evidence.objects.of_merchant(merchant_id).filter(
        id__in=list(evidence_ids), erased_at=None
    )
    for row in rows.lock():
        row.key_sealed = row.about_sealed = b""
        row.taken_at, row.erased_at = None, now
        row.save(update_fields=["key_sealed", "about_sealed", "taken_at", "erased_at"])
        outbox.publish(
            EvidenceForgotten(evidence_id=row.id, subject=row.subject, sha256=row.sha256), now=now
        )
        audit.record(
            audit.Change(
                action="evidence.forget",
                subject="evidence",
                subject_id=row.id,
                reason=reason,
                after={"subject": row.subject, "sha256": row.sha256},
            ),
            now=now,
        )
        file = row.file
        transaction.on_commit(lambda file=file: remove_file(file))  # type: ignore[misc]  # the row keeps the name until the sweep has seen it gone
