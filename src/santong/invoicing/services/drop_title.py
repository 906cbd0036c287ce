"""A remembered title is forgotten."""

from __future__ import annotations

from santong.invoicing.models import KeptTitle
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def drop_title(*, merchant_id: int, member_id: int, slot: int) -> None:
    """Forget what a member's slot holds; forgotten twice is forgotten once."""
    KeptTitle.objects.of_merchant(merchant_id).filter(
        member_id=member_id, slot=min(max(slot, 0), 32_767)
    ).delete()
