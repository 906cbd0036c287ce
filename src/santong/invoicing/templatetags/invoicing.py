"""How the buyer's pages write money, rates and states."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from santong.invoicing import contracts
from santong.invoicing.rules.drawing import Drawing, qr
from santong.invoicing.rules.masking import masked
from santong.invoicing.rules.tax import rate_text
from santong.kernel.money import money_text

register = template.Library()


@register.filter
def money(minor: int, currency: str) -> str:
    """An amount with its symbol."""
    return money_text(minor=minor, currency=currency)


@register.filter
def negative(minor: int) -> int:
    """What is taken off."""
    return -minor


@register.filter
def times(price: int, quantity: int) -> int:
    """What so many cost."""
    return price * quantity


@register.filter
def rate(basis_points: int) -> str:
    """`13%`."""
    return rate_text(basis_points)


@register.filter
def made_out_to(invoice: contracts.Invoice) -> str:
    """A person's name is not shown to whoever has the link."""
    return masked(invoice.title).name


@register.filter
def state_words(invoice: contracts.Invoice) -> str:
    """Where an invoice stands, in words for its buyer."""
    words = {
        "requested": _("Asked for"),
        "sent": _("At the tax office"),
        "waiting_confirmation": _("Waits for your confirmation at the tax office"),
        "issued": _("Issued"),
        "refused": _("Refused by the tax office"),
        "cancelled": _("Cancelled"),
    }
    return words[invoice.state]


@register.simple_tag
def drawing(text: str) -> Drawing:
    """A QR code."""
    return qr(text)
