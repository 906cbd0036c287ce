"""How pages about money write states, remarks and the fields of a provider's form."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.translation import gettext

from santong.console.rules.lateness import Remark
from santong.kernel.money import money_text
from santong.payments import public as payments

register = template.Library()

_TONES = {
    **dict.fromkeys(("paid", "captured", "done", "matched", "corrected", "explained"), "good"),
    **dict.fromkeys(("open", "waiting", "asked", "queued", "partly", "proposed"), "wait"),
    **dict.fromkeys(("authorised", "sent", "working", "received", "reading", "read"), "move"),
    **dict.fromkeys(("failed", "refused"), "bad"),
}


@register.filter
def tone_of_money(state: str) -> str:
    """Whether a state of money is good, waits, is under way, is bad, or is over."""
    return _TONES.get(str(state), "calm")


@register.filter
def remark(said: Remark, currency: str) -> str:
    """What is out of the ordinary about a payment, as a sentence."""
    return _sentence(said) % {"amount": money_text(minor=said.amount_minor, currency=currency)}


def _sentence(said: Remark) -> str:
    match said.saying:
        case "late":
            return gettext(
                "%(amount)s came in after the payment had been given up. Money is always taken:"
                " the document has it, and what it does not need goes back."
            )
        case "late_and_short":
            return gettext(
                "%(amount)s came in after the payment had been given up, and it is less than was"
                " asked for."
            )
        case "twice":
            return gettext(
                "The document was paid more than once: %(amount)s in all. What it does not need"
                " goes back."
            )
        case "again":
            return gettext("Nothing came in by this one; the document was asked for again.")
        case "over":
            return gettext("%(amount)s more came in than was asked for.")


@register.filter
def is_live(state: str) -> bool:
    """Whether a tender has not ended."""
    return state in ("asked", "waiting", "authorised")


@register.filter
def per_million(number: int) -> str:
    """So many of a million, in percent, exactly: `0.6 %`."""
    whole, rest = divmod(number, 10_000)
    return f"{whole}.{rest:04}".rstrip("0").rstrip(".") + " %"


@register.filter
def form_name(field: payments.Setting) -> str:
    """What a setting's field is called in a form."""
    return f"set_{field.name}"


@register.filter
def filled(field: payments.Setting, known: Mapping[str, str]) -> str:
    """What stands in a field: what is set, or what holds where nothing is."""
    return known.get(field.name, field.default)


@register.filter
def currency_of(asset: str) -> str:
    """The currency of an asset of the ledger: `money:CNY`."""
    return asset.rpartition(":")[2]
