"""By what a member is recognised, as far as somebody sees it."""

from __future__ import annotations

from typing import Final

from santong.console.selectors.member_reach import Reach
from santong.customers import public as customers
from santong.membership import public as membership

# Their scope is the storefront that gave them out, or an application of a marketplace.
_OF_A_SHOP: Final = ("storefront", "mix_nick", "union", "mix_mobile")


def identifiers_seen(
    *, merchant_id: int, member: membership.Member, reach: Reach
) -> list[customers.MaskedIdentifier]:
    """Identifiers of the person, without cards and accounts of brands that are not seen."""
    found = customers.identifiers_of(merchant_id=merchant_id, person_id=member.person_id)
    if reach.is_whole:
        return found
    hidden = {
        each.code
        for each in membership.programmes(merchant_id=merchant_id)
        if not reach.sees(each.id)
    }
    shops = membership.storefronts_in_sight(merchant_id=merchant_id, sight=reach) or frozenset()
    return [
        each
        for each in found
        if not (each.kind == "card" and each.scope in hidden)
        and (each.kind not in _OF_A_SHOP or each.scope in shops)
    ]
