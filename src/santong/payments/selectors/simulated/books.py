"""The simulated provider's books: balances, statements, and whether they add up."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import F, Sum

from santong.kernel.doctor import Finding
from santong.kernel.wire import Statement
from santong.payments.models import SimulatedMovement
from santong.payments.rules.simulated.statement import Line, statement

MOST_FINDINGS: Final = 50

_RULES: Final = {
    "a simulated payment stands as its movements say": Statement("""
SELECT format('payment %%s: %%s', p.reference, m.kinds)
FROM payments_simulatedpayment p
JOIN LATERAL (
  SELECT coalesce(sum(amount_minor) FILTER (WHERE kind = 'payment'), 0) AS paid,
    coalesce(sum(fee_minor), 0) AS fee,
    -coalesce(sum(amount_minor) FILTER (WHERE kind LIKE 'chargeback%%'), 0) AS disputed,
    string_agg(kind, ' ' ORDER BY id) AS kinds
  FROM payments_simulatedmovement
  WHERE merchant_id = p.merchant_id AND account_code = p.account_code
    AND reference = p.reference
    AND kind IN ('payment', 'chargeback', 'chargeback_returned')
) m ON true
WHERE p.merchant_id = %(merchant)s::bigint
  AND (p.paid_minor, p.fee_minor, p.disputed_minor) <> (m.paid, m.fee, m.disputed)
"""),
    "a simulated payment gives back what its refunds say": Statement("""
SELECT format('payment %%s: %%s; refunds say %%s', p.reference, p.refunded_minor, r.amount)
FROM payments_simulatedpayment p
JOIN LATERAL (
  SELECT coalesce(sum(amount_minor), 0) AS amount FROM payments_simulatedrefund
  WHERE payment_id = p.id AND state <> 'failed'
) r ON true
WHERE p.merchant_id = %(merchant)s::bigint AND p.refunded_minor <> r.amount
"""),
    "a simulated payment is shared as its transfers say": Statement("""
SELECT format('payment %%s: %%s; transfers say %%s', p.reference, p.transferred_minor, t.amount)
FROM payments_simulatedpayment p
JOIN LATERAL (
  SELECT coalesce(sum(amount_minor), 0) AS amount FROM payments_simulatedtransfer
  WHERE payment_id = p.id AND state IN ('working', 'done')
) t ON true
WHERE p.merchant_id = %(merchant)s::bigint AND p.transferred_minor <> t.amount
"""),
    "what the simulated provider sent is booked once, as it ended": Statement("""
SELECT format('%%s: booked %%s, ended as %%s', s.reference, coalesce(m.amount, 0), s.state)
FROM (
  SELECT account_code, reference, state, CASE state WHEN 'done' THEN -amount_minor ELSE 0 END
    AS amount, ARRAY['refund'] AS kinds
  FROM payments_simulatedrefund WHERE merchant_id = %(merchant)s::bigint
  UNION ALL
  SELECT account_code, reference, state, CASE state WHEN 'done' THEN -amount_minor ELSE 0 END,
    ARRAY['transfer', 'transfer_returned']
  FROM payments_simulatedtransfer WHERE merchant_id = %(merchant)s::bigint
) s
LEFT JOIN LATERAL (
  SELECT sum(amount_minor) AS amount FROM payments_simulatedmovement
  WHERE merchant_id = %(merchant)s::bigint AND account_code = s.account_code
    AND reference = s.reference AND kind = ANY (s.kinds)
) m ON true
WHERE s.amount <> coalesce(m.amount, 0)
"""),
}


def balance_at_provider(*, merchant_id: int, account_code: str) -> int:
    """What is in an account at the simulated provider: all that moved, less what that cost."""
    return _sum_before(merchant_id, account_code, None)


def statement_of(
    *, merchant_id: int, account_code: str, currency: str, day: date, time_zone: str
) -> bytes:
    """The statement of an account's day, in its own time, from the provider's books."""
    zone = ZoneInfo(time_zone)
    begins_at = datetime.combine(day, time.min, zone)
    ends_at = datetime.combine(day + timedelta(days=1), time.min, zone)
    moved = SimulatedMovement.objects.of_merchant(merchant_id).filter(
        account_code=account_code, moved_at__gte=begins_at, moved_at__lt=ends_at
    )
    return statement(
        account_code=account_code,
        currency=currency,
        day=day,
        opening_minor=_sum_before(merchant_id, account_code, begins_at),
        lines=[
            Line(
                kind=each.kind,
                reference=each.reference,
                their_reference=each.their_reference,
                moved_at=each.moved_at.astimezone(zone),
                amount_minor=each.amount_minor,
                fee_minor=each.fee_minor,
            )
            for each in moved.order_by("moved_at", "id").iterator(chunk_size=2_000)
        ],
    )


def check_books(*, merchant_id: int) -> list[Finding]:
    """Compare what stands in the simulated provider's books with what moved; what differs."""
    return [
        Finding(context="payments", rule=rule, detail=detail)
        for rule, differs in _RULES.items()
        for (detail,) in differs.rows({"merchant": str(merchant_id)})[:MOST_FINDINGS]
    ]


def _sum_before(merchant_id: int, account_code: str, before: datetime | None) -> int:
    moved = SimulatedMovement.objects.of_merchant(merchant_id).filter(account_code=account_code)
    if before is not None:
        moved = moved.filter(moved_at__lt=before)
    found = moved.aggregate(total=Sum(F("amount_minor") - F("fee_minor")))["total"]
    return int(found or 0)
