"""How the buyer's pages write money, codes and states."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.translation import gettext

from santong.kernel.money import money_text
from santong.stagedsales.contracts import SaleStage, StagedSale, StageTerms
from santong.stagedsales.rules.codes import grouped
from santong.stagedsales.rules.drawing import Drawing, qr

register = template.Library()


@register.filter
def money(minor: int, currency: str) -> str:
    """An amount with its symbol."""
    return money_text(minor=minor, currency=currency)


@register.filter
def all_money(sale: StagedSale, what: str) -> int:
    """An amount of a sale's money, over all its documents: `{{ sale|all_money:"keep_minor" }}`."""
    return sum(getattr(each, what) for each in sale.money)


@register.filter
def next_stage(sale: StagedSale) -> SaleStage | None:
    """What will be paid next, as long as nothing is to be paid now."""
    if any(each.state == "due" for each in sale.stages):
        return None
    waiting = [each for each in sale.stages if each.state == "planned" and each.open_minor]
    return waiting[0] if waiting else None


@register.filter
def in_groups(code: str) -> str:
    """`1234 5678 9012`."""
    return grouped(code)


@register.filter
def word(name: str, kind: str) -> str:
    """The word of a state, of a kind of states: `{{ sale.state|word:"staged" }}`."""
    key = f"{kind}.{name}"
    return gettext(key)


@register.filter
def of_document(asked: Mapping[int, str], number: int) -> str | None:
    """Where a payment of a document goes on; None where none was begun."""
    return asked.get(number)


@register.filter
def when_due(stage: StageTerms) -> str:
    """What has to happen before a stage is to be paid."""
    if stage.due == "days_after":
        return gettext("%(days)s days after signing") % {"days": stage.due_days}
    key = f"stage_due.{stage.due}"
    return gettext(key)


@register.simple_tag
def drawing(text: str) -> Drawing:
    """A QR code."""
    return qr(text=text)
