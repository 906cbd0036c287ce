"""Rows of the form in which rules of sharing are drafted: each field with its label."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from santong.console.selectors.share_words import base_word, role_word
from santong.settlement import public as settlement

register = template.Library()

_MARKS: Final = {
    "percent": 'inputmode="decimal" maxlength="12"',
    "amount": 'inputmode="decimal" maxlength="20"',
    "number": 'inputmode="numeric" maxlength="5"',
    "text": 'maxlength="80"',
    "moment": 'type="datetime-local"',
}
_KINDS: Final = {
    **dict.fromkeys(("rate",), "percent"),
    **dict.fromkeys(("fixed", "min", "max"), "amount"),
    **dict.fromkeys(("due_days", "rest_due_days"), "number"),
    **dict.fromkeys(("code", "party_code", "dealer"), "text"),
    "prices": "lines",
    "valid_from": "moment",
}
# Fields whose words are long: they take the room of two.
_LONG: Final = frozenset(
    {
        "bearer",
        "due_basis",
        "goods_of",
        "dealer",
        "kind",
        "prices",
        "owners",
        "rest_due_basis",
        "role",
    }
    | {
        "storefronts",
        "channels",
        "brands",
        "sellers",
        "fillers",
        "categories",
        "skus",
        "reason",
        "valid_from",
    }
)


@register.simple_tag(takes_context=True)
def rule_field(context: Mapping[str, Any], name: str) -> SafeString:
    """One field with its label; marked, and with words, where it was refused."""
    own = name.rpartition(".")[2]
    value = context["fields"].get(name, "")
    marks = _marks(context, name)
    if own in _CHOICES:
        control = _select(name, value, _CHOICES[own](name), marks)
    elif _KINDS.get(own) == "lines":
        control = format_html('<textarea name="{}" rows="4" {}>\n{}</textarea>', name, marks, value)
    else:
        kind = SafeString(_MARKS.get(_KINDS.get(own, ""), ""))
        control = format_html('<input name="{}" value="{}" {} {}>', name, value, kind, marks)
    return format_html(
        "<label{}>{}{}{}</label>",
        SafeString(' class="long"') if own in _LONG else "",
        label_of(name, context["unit"]),
        control,
        _problem(context, name),
    )


def label_of(name: str, unit: str) -> str:
    """What a field is called; amounts say their currency."""
    own = name.rpartition(".")[2]
    if own == "dealer":
        return _("Dealer's code; empty for any")
    label = _labels()[own]
    return f"{label} ({unit})" if _KINDS.get(own) == "amount" else label


def where_of(name: str, unit: str, *, places: Mapping[str, list[int]]) -> str:
    """`Rule 3 · Rate, in %`: the row as the form counts it, and the field."""
    group, _dot, rest = name.partition(".")
    if group not in places or not rest:
        return label_of(name, unit) if name in _labels() else ""
    place = int(rest.partition(".")[0])
    number = places[group].index(place) + 1 if place in places[group] else place + 1
    row = _("Rule %(n)s") if group == "rules" else _("Agreement %(n)s")
    own = name.rpartition(".")[2]
    known = own in _labels() or own == "dealer"
    return f"{row % {'n': number}} · {label_of(name, unit)}" if known else row % {"n": number}


def _labels() -> dict[str, str]:
    return {
        "code": _("Name of the rule"),
        "role": _("Who gets it"),
        "party_code": _("Which installer (code; empty: who did the work)"),
        "base": _("Of what"),
        "rate": _("Rate, in %"),
        "fixed": _("And a piece"),
        "min": _("At least a piece"),
        "max": _("At most a piece"),
        "bearer": _("Taken from"),
        "due_basis": _("Payable after"),
        "due_days": _("Days later"),
        "storefronts": _("Storefronts, by comma"),
        "channels": _("Channels, by comma"),
        "brands": _("Brands, by comma"),
        "sellers": _("Sold at (codes of places)"),
        "fillers": _("Filled by (codes of places)"),
        "categories": _("Categories, by comma"),
        "skus": _("SKUs, by comma"),
        "seller_of": _("The selling place is"),
        "filler_of": _("The filling place is"),
        "owners": _("Goods and selling place are of"),
        "goods_of": _("Whose goods, sold by whom"),
        "kind": _("Agreed is"),
        "prices": _("Prices of SKUs: one a line"),
        "rest_due_basis": _("What no rule takes is payable after"),
        "rest_due_days": _("Days later"),
        "reason": _("Why the rules should change"),
        "valid_from": _("In force from; empty for the moment of publishing"),
    }


def _roles(_name: str) -> list[tuple[str, str]]:
    return [(role, role_word(role)) for role in settlement.ROLES]


def _bearers(name: str) -> list[tuple[str, str]]:
    return [("", _("what is left of the line")), *_roles(name)]


def _bases(name: str) -> list[tuple[str, str]]:
    among = settlement.OWNERS_BASES if name.startswith("owners.") else settlement.BASES
    return [(base, base_word(base)) for base in among]


def _due_bases(_name: str) -> list[tuple[str, str]]:
    return [("receipt", _("the goods are received")), ("acceptance", _("the work is accepted"))]


def _places_of(_name: str) -> list[tuple[str, str]]:
    return [("any", _("anybody's")), ("own", _("our own")), ("dealer", _("a dealer's"))]


def _companies(_name: str) -> list[tuple[str, str]]:
    return [
        ("any", _("any companies")),
        ("same", _("one company")),
        ("different", _("two companies")),
    ]


def _goods_of(_name: str) -> list[tuple[str, str]]:
    return [
        ("dealer", _("goods of a dealer that others sell")),
        ("head_office", _("goods of head office that a dealer sells")),
    ]


def _agreements(_name: str) -> list[tuple[str, str]]:
    return [
        ("commission", _("a commission of the seller")),
        ("transfer_price", _("a transfer price of the goods' owner")),
    ]


_CHOICES: Final[Mapping[str, Callable[[str], list[tuple[str, str]]]]] = {
    "role": _roles,
    "bearer": _bearers,
    "base": _bases,
    "due_basis": _due_bases,
    "rest_due_basis": _due_bases,
    "seller_of": _places_of,
    "filler_of": _places_of,
    "owners": _companies,
    "goods_of": _goods_of,
    "kind": _agreements,
}


def _select(name: str, value: str, choices: list[tuple[str, str]], marks: SafeString) -> SafeString:
    chosen = SafeString(" selected")
    options = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((each, chosen if each == value else "", words) for each, words in choices),
    )
    return format_html('<select name="{}" {}>{}</select>', name, marks, options)


def _marks(context: Mapping[str, Any], name: str) -> SafeString:
    found: list[SafeString] = []
    if context.get("wrong") == name:
        found.append(format_html('aria-invalid="true" aria-describedby="problem-{}"', name))
    if context.get("first") == name:
        found.append(SafeString("autofocus"))
    return SafeString(" ".join(found))


def _problem(context: Mapping[str, Any], name: str) -> SafeString | str:
    if context.get("wrong") != name:
        return ""
    words = ": ".join(filter(None, (context["refusal"], context.get("hint", ""))))
    return format_html('<span class="problem" id="problem-{}" role="alert">{}</span>', name, words)
