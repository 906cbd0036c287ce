"""How pages for whoever pays write the trade's words."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext

register = template.Library()


@register.filter
def word(value: object, kind: str) -> str:
    """The trade's word for a value of a kind, in the reader's language."""
    name = f"{kind}.{value}"
    return gettext(name)
