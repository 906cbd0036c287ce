"""How a buyer's page calls things."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.translation import gettext

from santong.kernel.money import money_text

register = template.Library()


@register.filter
def visit_word(value: str, kind: str) -> str:
    """The trade's word for a value of a kind, in the reader's language."""
    name = f"{kind}.{value}"
    return gettext(name)


@register.filter
def money(minor: int, currency: str) -> str:
    """An amount with its symbol."""
    return money_text(minor=minor, currency=currency)


@register.filter
def way_words(method: str) -> str:
    """How a buyer calls a way of paying."""
    words = {
        "wechat_pay": gettext("WeChat Pay"),
        "alipay": gettext("Alipay"),
        "card": gettext("Bank card"),
    }
    return words.get(method, method)


@register.filter
def is_address(shown: str) -> bool:
    """Whether what a provider shows is a page that can be opened."""
    return shown.startswith(("https://", "http://", "/"))


@register.filter
def clock(instant: datetime) -> str:
    """The time of day on the merchant's clock."""
    return f"{timezone.localtime(instant):%H:%M}"


@register.filter
def iso(instant: datetime) -> str:
    """An instant for machines."""
    return instant.isoformat()


@register.filter
def spaced(code: str) -> str:
    """A code of six digits, as it is read aloud."""
    return f"{code[:3]} {code[3:]}"
