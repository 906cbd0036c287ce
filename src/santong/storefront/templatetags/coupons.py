"""What a coupon is worth, in a few words."""

from __future__ import annotations

from dataclasses import dataclass

from django import template
from django.utils.translation import gettext, ngettext

from santong.benefits import public as benefits
from santong.kernel.money import money_text

register = template.Library()

_BASIS = 10_000
_MINUTES = 60
Terms = dict[str, int | str]


@dataclass(frozen=True, slots=True)
class Headline:
    """What stands large on a coupon, and what stands under it."""

    big: str
    small: str = ""


@register.simple_tag
def headline(entry: benefits.WalletEntry | benefits.Batch) -> Headline:
    """A coupon in a few words: what it gives, and from when on."""
    terms, currency = dict(entry.terms), entry.currency or "CNY"
    named = _word(entry.kind)
    match entry.kind:
        case "spend_and_save":
            found = Headline(_money(terms, "off_minor", currency), _threshold(terms, currency))
        case "percent":
            found = Headline(_percent(terms), _threshold(terms, currency))
        case "cash" | "red_packet":
            found = Headline(_money(terms, "value_minor", currency), named)
        case "points":
            found = Headline(f"{int(terms['points']):,}", named)
        case "parking":
            found = Headline(_stay(int(terms["minutes"])), named)
        case "experience_card":
            found = Headline(_days(int(terms["days"])), named)
        case "service" | "third_party_code":
            found = Headline(str(terms.get("service") or terms.get("product")), named)
        case _:
            found = Headline(named, _pieces(terms))
    return found


def _money(terms: Terms, name: str, currency: str) -> str:
    text = money_text(minor=int(terms[name]), currency=currency)
    return text.removesuffix(".00")


def _threshold(terms: Terms, currency: str) -> str:
    threshold = int(terms.get("threshold_minor") or 0)
    if not threshold:
        return gettext("on everything")
    amount = money_text(minor=threshold, currency=currency).removesuffix(".00")
    return gettext("from %(amount)s on") % {"amount": amount}


def _percent(terms: Terms) -> str:
    """`10% off`, and as China says it: 9 of 10 are paid."""
    off = int(terms["off_basis_points"])
    text = gettext("coupon.percent_off")
    return text.replace("[off]", _parts(off, 100)).replace("[pays]", _parts(_BASIS - off, 1_000))


def _parts(number: int, of: int) -> str:
    """So many hundredths or thousandths, without zeros at the end: `8.5`."""
    whole, rest = divmod(number, of)
    tail = str(rest).zfill(len(str(of)) - 1).rstrip("0")
    return f"{whole}.{tail}" if tail else str(whole)


def _days(days: int) -> str:
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def _stay(minutes: int) -> str:
    if minutes % _MINUTES:
        return gettext("%(n)d min") % {"n": minutes}
    hours = minutes // _MINUTES
    return ngettext("%(n)d h", "%(n)d h", hours) % {"n": hours}


def _pieces(terms: Terms) -> str:
    quantity = int(terms.get("quantity") or 1)
    return ngettext("%(n)d piece", "%(n)d pieces", quantity) % {"n": quantity}


def _word(kind: str) -> str:
    name = f"coupon.{kind}"
    return gettext(name)
