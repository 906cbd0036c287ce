"""How pages of presales say how something stands."""

from __future__ import annotations

from typing import Final

from django import template

register = template.Library()

_TONES: Final = {
    **dict.fromkeys(("paid", "live"), "good"),
    **dict.fromkeys(("forfeited", "failed"), "bad"),
    **dict.fromkeys(("asked", "draft", "owed"), "wait"),
    **dict.fromkeys(("deposit_paid", "sent"), "move"),
}


@register.filter
def presale_tone(state: str) -> str:
    """Whether it goes well, waits, or came to nothing."""
    return _TONES.get(state, "calm")
