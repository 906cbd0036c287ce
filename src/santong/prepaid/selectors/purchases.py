"""What stands against a purchase, before anybody pays."""

from __future__ import annotations

from collections.abc import Sequence

from santong.payments import public as payments
from santong.prepaid import contracts
from santong.prepaid.rules.profiles import refusals
from santong.prepaid.rules.terms import valid_days
from santong.prepaid.selectors.cards import accounts_of, card_row
from santong.prepaid.selectors.programmes import programme_by_code, terms_of


def check_purchase(
    *,
    merchant_id: int,
    programme_code: str,
    amounts_minor: Sequence[int],
    is_registered: bool,
    buyer: contracts.Buyer,
    card_id: int | None = None,
) -> tuple[contracts.Refusal, ...]:
    """Every rule of a programme's profile that stands against a purchase of cards in one go.

    With a card, the money is for that card, and what is on it counts.

    Raises NoSuch (programme, card), NothingOnSale.
    """
    programme = programme_by_code(merchant_id=merchant_id, code=programme_code)
    terms = terms_of(merchant_id=merchant_id, programme=programme).terms
    before = 0
    if card_id is not None:
        row = card_row(merchant_id=merchant_id, card_id=card_id)
        principal, _ = accounts_of(row.programme, card_id=card_id)
        found = payments.balances(merchant_id=merchant_id, accounts=[principal])
        before, is_registered = found[principal].posted, row.person_id is not None
    return refusals(
        purchase=contracts.Purchase(
            amount_minor=max(sum(amounts_minor), buyer.in_one_go_minor),
            principal_after_minor=tuple(before + amount for amount in amounts_minor),
            is_registered=is_registered,
            is_company=buyer.kind == "company",
            is_cash=buyer.is_cash,
            is_identified=bool(buyer.identity),
            valid_days=valid_days(terms, is_registered=is_registered),
        ),
        profile=terms.profile,
    )
