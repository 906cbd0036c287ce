"""What must always hold of points, asked of all rows at once: our books agree with the ledger."""

from __future__ import annotations

from collections.abc import Mapping

from santong.kernel.wire import Statement
from santong.membership.models import Settlement, SettlementLine
from santong.membership.selectors.members import current_member_ids
from santong.membership.selectors.settlements import shares_between
from santong.membership.selectors.statements import run
from santong.payments import public as payments

AT_ONCE = 5_000

OF_POINTS: Mapping[str, Statement] = {
    "a purchase brought what its lines did": Statement("""
SELECT format('accrual %%s: points %%s, experience %%s; lines say %%s, %%s',
    a.id, a.points, a.experience, l.points, l.experience)
FROM membership_accrual a
CROSS JOIN LATERAL (
  SELECT coalesce(sum(points), 0) AS points, coalesce(sum(experience), 0) AS experience
  FROM membership_accrualline WHERE merchant_id = a.merchant_id AND accrual_id = a.id
) l
WHERE a.merchant_id = %(merchant)s AND (a.points, a.experience) <> (l.points, l.experience)
"""),
    "a line brought what its rules gave": Statement("""
SELECT format('line %%s of accrual %%s: points %%s, experience %%s', l.line, l.accrual_id,
    l.points, l.experience)
FROM membership_accrualline l
WHERE l.merchant_id = %(merchant)s AND (
  l.points <> (SELECT coalesce(sum(amount), 0)
    FROM jsonb_to_recordset(l.points_parts) AS p(amount bigint))
  OR l.experience <> (SELECT coalesce(sum(amount), 0)
    FROM jsonb_to_recordset(l.experience_parts) AS p(amount bigint)))
"""),
    "what returns took stands with the purchase": Statement("""
SELECT format('accrual %%s: taken %%s, %%s; returns say %%s, %%s', a.id, a.taken,
    a.experience_taken, c.points, c.experience)
FROM membership_accrual a
CROSS JOIN LATERAL (
  SELECT coalesce(sum(points), 0) AS points, coalesce(sum(experience), 0) AS experience
  FROM membership_clawback WHERE merchant_id = a.merchant_id AND accrual_id = a.id
) c
WHERE a.merchant_id = %(merchant)s AND (a.taken, a.experience_taken) <> (c.points, c.experience)
"""),
    "what came back of a line is what returns named": Statement("""
SELECT format('line %%s of accrual %%s: returned %%s, returns say %%s', l.line, l.accrual_id,
    l.returned, c.quantity)
FROM membership_accrualline l
CROSS JOIN LATERAL (
  SELECT coalesce(sum((quantity_by_line ->> l.line::text)::int), 0) AS quantity
  FROM membership_clawback WHERE merchant_id = l.merchant_id AND accrual_id = l.accrual_id
) c
WHERE l.merchant_id = %(merchant)s AND l.returned <> c.quantity
"""),
    "burned points came back as often as they say": Statement("""
SELECT format('burn %%s: given back %%s, returns say %%s', b.id, b.given_back, r.points)
FROM membership_burn b
CROSS JOIN LATERAL (
  SELECT coalesce(sum(points), 0) AS points
  FROM membership_burnreturn WHERE merchant_id = b.merchant_id AND burn_id = b.id
) r
WHERE b.merchant_id = %(merchant)s AND b.given_back <> r.points
"""),
    "a card stands on the tier that it was given last": Statement("""
SELECT format('card %%s stands on %%s until %%s; it was given %%s until %%s', c.id, c.tier,
    c.tier_until, t.to_tier, t.kept_until)
FROM membership_card c
JOIN LATERAL (
  SELECT to_tier, kept_until FROM membership_tierchange
  WHERE merchant_id = c.merchant_id AND card_id = c.id ORDER BY id DESC LIMIT 1
) t ON true
WHERE c.merchant_id = %(merchant)s AND c.state <> 'merged'
  AND (c.tier, c.tier_until) IS DISTINCT FROM (t.to_tier, t.kept_until)
"""),
}

_PENDING = Statement("""
SELECT p.code, a.member_id, sum(a.points - a.taken)::bigint
FROM membership_accrual a
JOIN membership_programme g ON g.id = a.programme_id AND g.merchant_id = a.merchant_id
JOIN membership_pool p ON p.id = g.pool_id AND p.merchant_id = a.merchant_id
WHERE a.merchant_id = %(merchant)s AND a.state = 'pending'
GROUP BY 1, 2
""")
_EXPERIENCE = Statement("""
SELECT g.code, c.member_id, sum(e.amount)::bigint
FROM membership_experienceentry e
JOIN membership_card c ON c.id = e.card_id AND c.merchant_id = e.merchant_id
JOIN membership_programme g ON g.id = c.programme_id AND g.merchant_id = e.merchant_id
WHERE e.merchant_id = %(merchant)s
GROUP BY 1, 2
""")


def differences(*, merchant_id: int) -> dict[str, list[str]]:
    """Where the ledger says something else than the purchases and returns of members."""
    return {
        "a closed month is what its purchases say": _changed_months(merchant_id),
        "points that wait are in the ledger": _against_ledger(
            merchant_id, _PENDING, asset="points:{}", kind="pending"
        ),
        "experience is what was gained": _against_ledger(
            merchant_id, _EXPERIENCE, asset="experience:{}", kind="earned"
        ),
    }


def _against_ledger(merchant_id: int, ours: Statement, *, asset: str, kind: str) -> list[str]:
    rows = run(ours, {"merchant": merchant_id})
    current = current_member_ids(
        merchant_id=merchant_id, member_ids={member_id for _, member_id, _ in rows}
    )
    sums: dict[payments.AccountKey, int] = {}
    for code, member_id, amount in rows:
        account = payments.AccountKey(asset.format(code), kind, f"member:{current[member_id]}")
        sums[account] = sums.get(account, 0) + amount
    found: list[str] = []
    accounts = list(sums)
    for begin in range(0, len(accounts), AT_ONCE):
        said = {account: sums[account] for account in accounts[begin : begin + AT_ONCE]}
        stands = payments.balances(merchant_id=merchant_id, accounts=list(said))
        found += [
            f"{account.owner}, {account.asset}: {amount}, the ledger says {stands[account].posted}"
            for account, amount in said.items()
            if amount != stands[account].posted
        ]
    return found


def _changed_months(merchant_id: int) -> list[str]:
    found: list[str] = []
    for closed in Settlement.objects.of_merchant(merchant_id).order_by("id"):
        lines = SettlementLine.objects.of_merchant(merchant_id).filter(settlement=closed.id)
        stands = {(line.brand_id, line.earned_points, line.burned_points) for line in lines}
        again = shares_between(
            merchant_id=merchant_id,
            pool_id=closed.pool_id,
            breakage_minor_per_1000=closed.breakage_minor_per_1000,
            expired=closed.expired_points,
            since=closed.counted_from,
            until=closed.counted_until,
        )
        now = {(share.brand_id, share.earned_points, share.burned_points) for share in again}
        found += [f"pool {closed.pool_id}, {closed.month}: {each}" for each in sorted(stands ^ now)]
    return found
