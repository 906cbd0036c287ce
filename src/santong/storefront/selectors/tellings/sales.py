"""What is told about staged sales."""

from __future__ import annotations

from django.utils.translation import gettext as _

from santong.kernel.money import money_text
from santong.stagedsales import public as stagedsales
from santong.storefront.contracts import Telling
from santong.storefront.selectors.tellings.asked import Asked, day

UNDER_CONTRACT = ("contracted", "in_progress", "accepted")


def code_issued(asked: Asked) -> Telling | None:
    """That there is a code for the shop; the code itself stands on the page alone."""
    sale = _sale(asked)
    if sale.code is None or sale.code.state != "issued" or asked.now >= sale.code.expires_at:
        return None
    text = _("[%(house)s] Your deposit for %(name)s is in. Your code, good until %(day)s: ")
    return _told(asked, sale, text, day=day(sale.code.expires_at))


def contract_signed(asked: Asked) -> Telling | None:
    """That the contract can be read."""
    sale = _sale(asked)
    if sale.contract is None or sale.state not in UNDER_CONTRACT:
        return None
    text = _("[%(house)s] Your contract %(number)s is signed. Read it and its stages: ")
    return _told(asked, sale, text, number=sale.contract.number)


def stage_due(asked: Asked) -> Telling | None:
    """That a stage is to be paid; `mark` is its number."""
    sale = _sale(asked)
    stage = next((each for each in sale.stages if str(each.number) == asked.mark), None)
    if stage is None or stage.state != "due" or not stage.open_minor:
        return None
    amount = money_text(minor=stage.open_minor, currency=sale.currency)
    text = _("[%(house)s] %(stage)s of %(name)s is due: %(amount)s. Look and pay: ")
    return _told(asked, sale, text, stage=stage.name, amount=amount)


def change_proposed(asked: Asked) -> Telling | None:
    """That the shop proposes a change of the contract; `mark` is its version."""
    sale = _sale(asked)
    if sale.open_change is None or str(sale.open_change.version) != asked.mark:
        return None
    text = _("[%(house)s] We propose a change of your contract for %(name)s. Look and decide: ")
    return _told(asked, sale, text)


def _told(asked: Asked, sale: stagedsales.StagedSale, text: str, **values: str) -> Telling | None:
    path = stagedsales.link_path(
        merchant_id=asked.merchant_id, sale_id=asked.thing_id, now=asked.now
    )
    values = {"house": asked.house.name, "name": sale.name, **values}
    return Telling(text=text % values, path=path) if path else None


def _sale(asked: Asked) -> stagedsales.StagedSale:
    return stagedsales.sale_by_id(merchant_id=asked.merchant_id, sale_id=asked.thing_id)
