"""What a command has done to a coupon."""

from __future__ import annotations

from dataclasses import dataclass

from santong.benefits.models import CouponEvent, RedemptionLine


@dataclass(frozen=True, slots=True)
class StepDone:
    """The step that a key names."""

    coupon_id: int
    kind: str
    attempt: int


def step_by_key(*, merchant_id: int, key: str) -> StepDone | None:
    """The step that this key names, if it was taken."""
    row = (
        CouponEvent.objects.of_merchant(merchant_id)
        .select_related("coupon")
        .filter(key=key)
        .first()
    )
    return StepDone(row.coupon_id, row.kind, row.coupon.attempt) if row else None


def redemption_lines(
    *, merchant_id: int, coupon_id: int, attempt: int
) -> dict[str, tuple[int, int]]:
    """What a coupon was used for: units bought and units returned, by line."""
    rows = RedemptionLine.objects.of_merchant(merchant_id).filter(
        coupon_id=coupon_id, attempt=attempt
    )
    return {row.line: (row.quantity, row.returned) for row in rows}
