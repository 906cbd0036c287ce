"""What is told about cases after the sale."""

from __future__ import annotations

from django.utils.translation import gettext as _

from santong.aftersales import public as aftersales
from santong.storefront.contracts import Telling
from santong.storefront.selectors.tellings.asked import Asked


def decided(asked: Asked) -> Telling | None:
    """That there is a decision; which one stands on the page."""
    case = aftersales.case_by_id(merchant_id=asked.merchant_id, case_id=asked.thing_id)
    path = aftersales.link_path(
        merchant_id=asked.merchant_id, order_id=case.order_id, now=asked.now
    )
    if case.state in {"requested", "cancelled"} or not path:
        return None
    text = _("[%(house)s] Your case %(number)s is decided. What happens now: ")
    values = {"house": asked.house.name, "number": case.number}
    return Telling(text=text % values, path=f"{path}{case.number}/")
