"""What is told about agreements."""

from __future__ import annotations

from django.utils.translation import gettext as _

from santong.agreements import public as agreements
from santong.kernel.money import money_text
from santong.storefront.contracts import Telling
from santong.storefront.selectors.tellings.asked import Asked, day


def offered(asked: Asked) -> Telling | None:
    """That terms can be accepted."""
    agreement = _agreement(asked)
    until = agreement.expires_at
    if agreement.state != "offered" or until is None or asked.now >= until:
        return None
    text = _("[%(house)s] We promise you this beside the goods. Read and accept until %(day)s: ")
    return _told(asked, agreement, text, day=day(until))


def remedy_done(asked: Asked) -> Telling | None:
    """That a breach is made good; `mark` is the breach."""
    agreement = _agreement(asked)
    breach = next((each for each in agreement.breaches if str(each.id) == asked.mark), None)
    if breach is None:
        return None
    if not breach.amount_minor:
        return _told(asked, agreement, _("[%(house)s] What we did not keep is made good: "))
    amount = money_text(minor=breach.amount_minor, currency=agreement.currency)
    text = _("[%(house)s] We did not keep a promise: %(amount)s went back to you. Details: ")
    return _told(asked, agreement, text, amount=amount)


def _told(
    asked: Asked, agreement: agreements.Agreement, text: str, **values: str
) -> Telling | None:
    path = agreements.link_path(merchant_id=asked.merchant_id, agreement=agreement)
    told = Telling(text=text % {"house": asked.house.name, **values}, path=path)
    return told if path else None


def _agreement(asked: Asked) -> agreements.Agreement:
    return agreements.agreement_by_id(merchant_id=asked.merchant_id, agreement_id=asked.thing_id)
