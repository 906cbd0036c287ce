"""How the member centre writes what is on prepaid cards."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.translation import gettext

from santong.kernel.money import money_text
from santong.prepaid import public as prepaid

register = template.Library()


@register.filter
def money(minor: int, currency: str) -> str:
    """An amount with its symbol."""
    return money_text(minor=minor, currency=currency)


@register.filter
def money_signed(minor: int, currency: str) -> str:
    """A change with its sign."""
    text = money_text(minor=minor, currency=currency)
    return f"+{text}" if minor > 0 else text


@register.filter
def line_amount(line: prepaid.StatementLine, currency: str) -> str:
    """What a line changed in all, with its sign."""
    return money_signed(line.principal_minor + line.bonus_minor, currency)


@register.filter
def stored_word(kind: str) -> str:
    """What happened to a card; what nobody has a word for is a change."""
    name = f"stored_line.{kind}"
    found = gettext(name)
    return found if found != name else gettext("stored_line.other")


@register.filter
def clock(instant: datetime) -> str:
    """A time of this day on the merchant's clock."""
    return f"{timezone.localtime(instant):%H:%M:%S}"
