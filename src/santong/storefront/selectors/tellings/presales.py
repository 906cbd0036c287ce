"""What is told about presale orders."""

from __future__ import annotations

from django.utils.translation import gettext as _

from santong.kernel.money import money_text
from santong.presales import public as presales
from santong.storefront.contracts import Telling
from santong.storefront.selectors.tellings.asked import Asked, clock, day


def balance_opened(asked: Asked) -> Telling | None:
    """That the balance can be paid, and until when."""
    presale = presales.presale_by_id(merchant_id=asked.merchant_id, presale_id=asked.thing_id)
    if not presale.is_balance_open(now=asked.now):
        return None
    text = _("[%(house)s] %(name)s: pay the balance of %(amount)s until %(day)s, %(time)s: ")
    values = {
        "house": asked.house.name,
        "name": presale.offer_name,
        "amount": money_text(minor=presale.amounts.balance_minor, currency=presale.currency),
        "day": day(presale.balance_until),
        "time": clock(presale.balance_until),
    }
    path = presales.path_of(merchant_id=asked.merchant_id, presale=presale)
    return Telling(text=text % values, path=path)
