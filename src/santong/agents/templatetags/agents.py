"""How the page of a checkout writes money and ways of paying."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from santong.kernel.money import money_text

register = template.Library()


@register.filter
def money(minor: int, currency: str) -> str:
    """An amount with its symbol."""
    return money_text(minor=minor, currency=currency)


@register.filter
def way_words(method: str) -> str:
    """How a buyer calls a way of paying."""
    words = {
        "wechat_pay": _("WeChat Pay"),
        "alipay": _("Alipay"),
        "card": _("Bank card"),
    }
    return words.get(method, method)


@register.filter
def is_address(shown: str) -> bool:
    """Whether what a provider shows is a page that can be opened."""
    return shown.startswith(("https://", "http://", "/"))
