"""Somebody asks what is on a card that they have in their hand."""

from __future__ import annotations

from datetime import datetime, timedelta

from santong.kernel.tenancy import all_or_nothing
from santong.prepaid import contracts
from santong.prepaid.selectors.cards import balances_of, card_by_id
from santong.prepaid.services.try_token import try_token

SECOND = timedelta(seconds=1)


@all_or_nothing
def check_card(*, merchant_id: int, token: str, now: datetime) -> contracts.Checked:
    """Say what is on the card of a number and its secret. A wrong try is an answer, and counts.

    Locks the number's counter.
    """
    tried = try_token(merchant_id=merchant_id, token=token, now=now)
    if tried.card_id is None:
        wait = -(-tried.wait // SECOND) if tried.wait else 0
        return contracts.Checked(is_right=False, wait_seconds=wait)
    balances = balances_of(merchant_id=merchant_id, card_ids=[tried.card_id], now=now)
    return contracts.Checked(
        is_right=True,
        card=card_by_id(merchant_id=merchant_id, card_id=tried.card_id),
        balance=balances[tried.card_id],
    )
