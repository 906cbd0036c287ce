"""How pages of invoices and of stored value say how something stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django import template

register = template.Library()

_INVOICE: Final = {
    "issued": "good",
    "refused": "bad",
    **dict.fromkeys(("requested", "waiting_confirmation"), "wait"),
    "sent": "move",
}
_CARD: Final = {
    **dict.fromkeys(("active", "landed"), "good"),
    "frozen": "bad",
    **dict.fromkeys(("issued", "asked", "returned"), "wait"),
}


@register.filter
def invoice_tone(state: str) -> str:
    """Whether an invoice is there, was refused, or is on its way."""
    return _INVOICE.get(state, "calm")


@register.filter
def card_tone(state: str) -> str:
    """Whether a card can be used and a top-up is on it, or what is in the way."""
    return _CARD.get(state, "calm")


@register.filter
def document_number(numbers: Mapping[str, str], document: str) -> str:
    """The number of an order; another document by its own name."""
    return numbers.get(document, document)
