"""What must always hold, asked of all rows at once."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from santong.kernel.doctor import Finding
from santong.payments import public as payments
from santong.prepaid.models import Card, CardProgramme
from santong.prepaid.selectors.cards import AVAILABLE, accounts_of

MOST_FINDINGS = 50
FLOAT = "the float is what cards have of principal"

_RULES = {
    "a card has of principal what was put on it, less what was spent and paid back": """
SELECT c.id, coalesce(t.landed, 0) - coalesce(u.spent, 0) - coalesce(b.paid_back, 0)
FROM prepaid_card c
LEFT JOIN (
  SELECT card_id, sum(amount_minor) AS landed FROM prepaid_topup
  WHERE merchant_id = %(merchant)s AND state = 'landed' GROUP BY 1
) t ON t.card_id = c.id
LEFT JOIN (
  SELECT card_id, sum(principal_minor - refunded_principal_minor) AS spent FROM prepaid_use
  WHERE merchant_id = %(merchant)s AND state = 'captured' GROUP BY 1
) u ON u.card_id = c.id
LEFT JOIN (
  SELECT card_id, sum(amount_minor) AS paid_back FROM prepaid_payback
  WHERE merchant_id = %(merchant)s GROUP BY 1
) b ON b.card_id = c.id
WHERE c.merchant_id = %(merchant)s
""",
    "a card keeps what its live payments keep": """
SELECT c.id, coalesce(sum(u.principal_minor + u.bonus_minor), 0)
FROM prepaid_card c
LEFT JOIN prepaid_use u ON u.merchant_id = c.merchant_id AND u.card_id = c.id
  AND u.state = 'held'
WHERE c.merchant_id = %(merchant)s GROUP BY 1
""",
}

_SUMS = {
    "what a payment gave back is the sum of its refunds": """
SELECT format('payment %%s', u.id) FROM prepaid_use u
LEFT JOIN (
  SELECT use_id, sum(principal_minor) AS principal, sum(bonus_minor) AS bonus
  FROM prepaid_userefund WHERE merchant_id = %(merchant)s GROUP BY 1
) r ON r.use_id = u.id
WHERE u.merchant_id = %(merchant)s
  AND (u.refunded_principal_minor, u.refunded_bonus_minor)
    <> (coalesce(r.principal, 0), coalesce(r.bonus, 0))
""",
    "what a top-up gave back is the sum of its parts": """
SELECT format('top-up %%s', t.id) FROM prepaid_topup t
LEFT JOIN (
  SELECT top_up_id, sum(amount_minor) AS amount
  FROM prepaid_payback WHERE merchant_id = %(merchant)s GROUP BY 1
) b ON b.top_up_id = t.id
WHERE t.merchant_id = %(merchant)s AND t.paid_back_minor <> coalesce(b.amount, 0)
""",
    "a card that can be used was paid for": """
SELECT format('card %%s is %%s', c.id, c.state) FROM prepaid_card c
WHERE c.merchant_id = %(merchant)s AND c.state = 'active' AND NOT EXISTS (
  SELECT FROM prepaid_topup t WHERE t.merchant_id = c.merchant_id AND t.card_id = c.id
    AND t.state = 'landed')
""",
    "a closed card waits for nothing": """
SELECT format('card %%s', c.id) FROM prepaid_card c
WHERE c.merchant_id = %(merchant)s AND c.state = 'closed' AND (
  EXISTS (SELECT FROM prepaid_topup t WHERE t.merchant_id = c.merchant_id
    AND t.card_id = c.id AND t.state = 'asked')
  OR EXISTS (SELECT FROM prepaid_use u WHERE u.merchant_id = c.merchant_id
    AND u.card_id = c.id AND u.state = 'held'))
""",
}


def check_invariants(*, merchant_id: int, now: datetime | None = None) -> list[Finding]:
    """Compare cards with the ledger, and the float with what cards are worth.

    Some findings of each rule, with how many more there are. Nothing depends on `now`.
    """
    del now
    return [
        Finding(context="prepaid", rule=rule, detail=detail)
        for rule, details in (
            *_against_the_ledger(merchant_id).items(),
            *((rule, _texts(statement, merchant_id)) for rule, statement in _SUMS.items()),
            (FLOAT, _floats(merchant_id)),
        )
        for detail in _first(details)
    ]


def _against_the_ledger(merchant_id: int) -> dict[str, list[str]]:
    """What our rows say of each card beside what the ledger says."""
    cards = list(Card.objects.of_merchant(merchant_id).select_related("programme").order_by("id"))
    accounts = {card.id: accounts_of(card.programme, card_id=card.id) for card in cards}
    stands = payments.balances(
        merchant_id=merchant_id, accounts=[each for pair in accounts.values() for each in pair]
    )
    posted = {card_id: stands[principal].posted for card_id, (principal, _) in accounts.items()}
    held = {
        card_id: stands[principal].held + stands[bonus].held
        for card_id, (principal, bonus) in accounts.items()
    }
    return {
        rule: [
            f"card {card_id}: {said}; the ledger says {found[card_id]}"
            for card_id, said in _rows(statement, merchant_id)
            if int(said) != found[card_id]
        ]
        for (rule, statement), found in zip(_RULES.items(), (posted, held), strict=True)
    }


def _floats(merchant_id: int) -> list[str]:
    """What the money ledger owes to cards beside what cards have of principal, by programme."""
    found = []
    for row in CardProgramme.objects.of_merchant(merchant_id).order_by("id"):
        programme = row.as_contract()
        totals = payments.totals(merchant_id=merchant_id, asset=programme.principal_asset)
        on_cards = sum(total.amount for total in totals if total.kind == AVAILABLE)
        account = payments.AccountKey(programme.money_asset, "stored_value", programme.code)
        owed = payments.balances(merchant_id=merchant_id, accounts=[account])[account].posted
        if on_cards != owed:
            found.append(f"{programme.code}: cards have {on_cards}, the money ledger owes {owed}")
    return found


def _rows(statement: str, merchant_id: int) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"merchant": merchant_id})
        return [(card_id, int(said)) for card_id, said in cursor.fetchall()]


def _texts(statement: str, merchant_id: int) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"merchant": merchant_id})
        return [detail for (detail,) in cursor.fetchall()]


def _first(found: list[str]) -> list[str]:
    if len(found) <= MOST_FINDINGS:
        return found
    return [*found[:MOST_FINDINGS], f"and {len(found) - MOST_FINDINGS} more"]
