"""What must always hold, asked of all rows at once."""

from __future__ import annotations

from santong.kernel.doctor import Finding
from santong.kernel.wire import Statement
from santong.membership.selectors.invariants_of_points import OF_POINTS, differences
from santong.membership.selectors.statements import Values, run

MOST_FINDINGS = 50

_RULES = {
    "a member who is not merged has a card": Statement("""
SELECT format('member %%s (%%s) has none', m.id, m.state)
FROM membership_member m
WHERE m.merchant_id = %(merchant)s AND m.state <> 'merged' AND NOT EXISTS (
  SELECT FROM membership_card c
  WHERE c.merchant_id = m.merchant_id AND c.member_id = m.id AND c.state <> 'merged')
"""),
    "a member's state is that of the cards": Statement("""
SELECT format('member %%s is %%s; cards are %%s', m.id, m.state, c.states)
FROM membership_member m
CROSS JOIN LATERAL (
  SELECT array_agg(DISTINCT c.state::text ORDER BY c.state::text) AS states
  FROM membership_card c
  WHERE c.merchant_id = m.merchant_id AND c.member_id = m.id AND c.state <> 'merged'
) c
WHERE m.merchant_id = %(merchant)s AND NOT CASE m.state
  WHEN 'active' THEN 'active' = ANY (c.states) AND NOT 'closed' = ANY (c.states)
  WHEN 'dormant' THEN c.states = ARRAY['dormant']
  WHEN 'closed' THEN c.states = ARRAY['closed']
  ELSE c.states IS NULL
END
"""),
    "a card was won once": Statement("""
SELECT format('card %%s of member %%s says nothing of how it came', c.id, c.member_id)
FROM membership_card c
WHERE c.merchant_id = %(merchant)s AND NOT EXISTS (
  SELECT FROM membership_attribution a
  WHERE a.merchant_id = c.merchant_id AND a.card_id = c.id)
"""),
    "an identity is live while its binding is": Statement("""
SELECT format('identity %%s of binding %%s (%%s)', i.id, b.id, b.state)
FROM membership_boundidentity i
JOIN membership_binding b ON b.id = i.binding_id
WHERE i.merchant_id = %(merchant)s AND i.is_live <> (b.state = 'bound')
"""),
    "a closed or merged member is bound nowhere": Statement("""
SELECT format('member %%s (%%s) is bound on %%s', m.id, m.state, b.storefront_code)
FROM membership_binding b
JOIN membership_member m ON m.id = b.member_id
WHERE b.merchant_id = %(merchant)s AND b.state = 'bound' AND m.state IN ('closed', 'merged')
"""),
}


def check_invariants(*, merchant_id: int) -> list[Finding]:
    """Compare members with their cards, attributions and bindings, and points with the ledger.

    Some findings of each rule, with how many more there are.
    """
    values: Values = {"merchant": merchant_id}
    return [
        Finding(context="membership", rule=rule, detail=detail)
        for rule, statement in (*_RULES.items(), *OF_POINTS.items())
        for detail in _details([detail for (detail,) in run(statement, values)])
    ] + [
        Finding(context="membership", rule=rule, detail=detail)
        for rule, found in differences(merchant_id=merchant_id).items()
        for detail in _details(found)
    ]


def _details(found: list[str]) -> list[str]:
    if len(found) <= MOST_FINDINGS:
        return found
    return [*found[:MOST_FINDINGS], f"and {len(found) - MOST_FINDINGS} more"]
