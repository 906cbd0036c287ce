"""How a buyer's page of a case says things."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.translation import gettext

from santong.kernel.money import money_text

register = template.Library()

_LOOKS = {"done": "issued", "refused": "refused", "cancelled": "cancelled"}


@register.filter
def case_money(minor: int, currency: str) -> str:
    """An amount as buyers read it."""
    return money_text(minor=minor, currency=currency)


@register.filter
def case_word(value: str, kind: str) -> str:
    """The trade's word for a value of a kind, in the reader's language."""
    name = f"{kind}.{value}"
    return gettext(name) if value else ""


@register.filter
def case_look(state: str) -> str:
    """The look of a state: good, bad, over, or on its way."""
    return _LOOKS.get(state, "")


@register.filter
def chosen_of(chosen: Mapping[str, str], line_id: int) -> str:
    """What was typed for a line before."""
    return chosen.get(str(line_id), "0")
