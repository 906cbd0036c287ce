"""Benefits and batches: by the code of a link, and page by page."""

from __future__ import annotations

from santong.benefits.contracts import Batch, Benefit
from santong.benefits.models import Batch as BatchRow
from santong.benefits.models import Benefit as BenefitRow
from santong.kernel.errors import NoSuch

_LARGEST_ID = 2**63 - 1


def batch_by_code(*, merchant_id: int, code: str) -> Batch:
    """The batch that a link names. Raises NoSuch."""
    row: BatchRow | None = BatchRow.objects.of_merchant(merchant_id).filter(code=code).first()
    if row is None:
        raise NoSuch(kind="batch", key=code[:40])
    return row.as_contract()


def benefits_page(
    *, merchant_id: int, before_id: int = _LARGEST_ID, limit: int = 50
) -> list[Benefit]:
    """What can be given, newest first."""
    rows = BenefitRow.objects.of_merchant(merchant_id).filter(id__lt=before_id).order_by("-id")
    return [row.as_contract() for row in rows[:limit]]


def batches_page(*, merchant_id: int, before_id: int = _LARGEST_ID, limit: int = 50) -> list[Batch]:
    """Batches, newest first."""
    rows = BatchRow.objects.of_merchant(merchant_id).filter(id__lt=before_id).order_by("-id")
    return [row.as_contract() for row in rows[:limit]]
