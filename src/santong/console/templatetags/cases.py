"""How pages of cases say how something stands, and why."""

from __future__ import annotations

from typing import Final

from django import template
from django.utils.translation import gettext as _

from santong.aftersales import public as aftersales

register = template.Library()

_TONES: Final = {
    **dict.fromkeys(("requested", "quoted", "to_be_paid", "open", "planned", "ask"), "wait"),
    **dict.fromkeys(("awaiting_goods", "working", "asked", "submitted"), "move"),
    **dict.fromkeys(("repairing", "waiting_item", "looked_at"), "move"),
    **dict.fromkeys(("done", "paid", "accepted", "accept", "handed_back", "repaired"), "good"),
    **dict.fromkeys(("failed", "refused", "refuse"), "bad"),
}


@register.filter
def case_tone(state: str) -> str:
    """Whether something waits, is on its way, is well, or is not."""
    return _TONES.get(state, "calm")


@register.filter
def turn(case: aftersales.Case) -> str:
    """Who has to act next, in a few words."""
    if case.waits_for:
        return _("Somebody decides anew: what was to be sent is gone")
    words = {
        "requested": _("The house decides"),
        "awaiting_goods": _("The goods are awaited"),
        "working": _("It is being carried out"),
    }
    return words.get(case.state, _("Nobody: it has ended"))


@register.filter
def goods_of(case: aftersales.Case) -> str:
    """What a case is about, in one line."""
    return "、".join(f"{line.sku_name} × {line.quantity}" for line in case.lines)
