"""How the console shows agreements: colours of states, and what a form of terms brought."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext

from santong.console.forms.agreement_terms import Row

register = template.Library()

_TONES = {
    **dict.fromkeys(("accepted", "fulfilled", "kept", "done"), "good"),
    **dict.fromkeys(("breached", "broken", "failed", "nothing_left", "claimed"), "bad"),
}


@register.filter
def agreement_tone(state: str) -> str:
    """The colour of a state."""
    return _TONES.get(state, "")


@register.filter
def sent_of(row: Row, name: str) -> str:
    """What a row brought for one of its kind's own fields."""
    return row.sent.get(f"p_{name}", "")


@register.filter
def row_field(pointer: str) -> str:
    """Which field of a term was refused: `terms/0/params/end`."""
    key = f"agreed_field.{'.'.join(part for part in pointer.split('/')[2:] if part != 'params')}"
    said = gettext(key)
    return "" if said == key else said
