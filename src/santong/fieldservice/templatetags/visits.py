"""How a buyer's page calls things."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.translation import gettext

register = template.Library()


@register.filter
def visit_word(value: str, kind: str) -> str:
    """The trade's word for a value of a kind, in the reader's language."""
    name = f"{kind}.{value}"
    return gettext(name)


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
