"""How agreements are written on pages: terms in sentences, money, states, what was changed."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import get_language, gettext

from santong.agreements import contracts
from santong.agreements.rules.sentences import Language, promise, sentence
from santong.kernel.money import money_text

register = template.Library()

TERM_AND_FIELD = 3

_TONES = {
    "accepted": "issued",
    "fulfilled": "issued",
    "kept": "issued",
    "done": "issued",
    "breached": "refused",
    "broken": "refused",
    "failed": "refused",
    "rejected": "cancelled",
    "superseded": "cancelled",
    "cancelled": "cancelled",
    "withdrawn": "cancelled",
}


@register.filter
def in_words(term: contracts.Term, currency: str) -> str:
    """A term as one sentence, in the reader's language."""
    return sentence(term=term, currency=currency, language=_language())


@register.filter
def promised(term: contracts.Term) -> str:
    """What a term promises, alone."""
    return promise(term=term, language=_language())


@register.filter
def agreed_money(minor: int, currency: str) -> str:
    """An amount with its symbol."""
    return money_text(minor=minor, currency=currency)


@register.filter
def agreed_word(word: str, kind: str) -> str:
    """A word of the trade in the reader's language."""
    key = f"{kind}.{word}"
    return gettext(key)


@register.filter
def agreed_tone(state: str) -> str:
    """The colour of a state on a buyer's page."""
    return _TONES.get(state, "")


@register.filter
def with_outcomes(agreement: contracts.Agreement) -> list[dict[str, Any]]:
    """Terms with how they stand and their breach, if they have one that stands."""
    void = {"rejected", "withdrawn"}
    return [
        {
            "term": term,
            "outcome": outcome,
            "breaches": [
                each
                for each in agreement.breaches
                if each.term_number == term.number and each.state not in void
            ],
        }
        for term, outcome in zip(agreement.terms, agreement.outcome_by_term, strict=True)
    ]


@register.filter
def claimable(agreement: contracts.Agreement) -> list[contracts.Term]:
    """Terms of which something can be said: no claim of them waits, no window was settled."""
    taken = {
        each.term_number
        for each in agreement.breaches
        if each.state == "claimed"
        or (each.kind in contracts.CLOCKED and each.state not in {"rejected", "withdrawn"})
    }
    return [
        term
        for term, outcome in zip(agreement.terms, agreement.outcome_by_term, strict=True)
        if term.number not in taken and not (term.kind in contracts.CLOCKED and outcome == "kept")
    ]


@register.filter
def where_in_words(finding: contracts.Finding) -> str:
    """Which place of the agreement a finding is about: the third term's last day, say."""
    parts = finding.where.removeprefix("record").strip("/").split("/")
    if parts[0] != "terms" or len(parts) < TERM_AND_FIELD - 1 or not parts[1].isdecimal():
        return _field_in_words(".".join(parts), otherwise=finding.where)
    said = gettext("Term %(number)s") % {"number": int(parts[1]) + 1}
    field = ".".join(part for part in parts[2:] if part != "params")
    return f"{said} · {_field_in_words(field, otherwise=field)}" if field else said


def _field_in_words(field: str, *, otherwise: str) -> str:
    key = f"agreed_field.{field}"
    said = gettext(key)
    return otherwise if said == key else said


def _language() -> Language:
    return "en" if (get_language() or "").startswith("en") else "zh-hans"
