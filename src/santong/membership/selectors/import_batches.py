"""What of a file has been taken in."""

from __future__ import annotations

from datetime import datetime

from santong.membership.models import ImportBatch


def imported_batches(
    *, merchant_id: int, programme_id: int, file_hash: str
) -> list[tuple[int, int, datetime]]:
    """The parts of a file that are there, in its order: first line, members, when."""
    rows = ImportBatch.objects.of_merchant(merchant_id).filter(
        programme=programme_id, file_hash=file_hash
    )
    return list(rows.order_by("first_line").values_list("first_line", "members", "imported_at"))
