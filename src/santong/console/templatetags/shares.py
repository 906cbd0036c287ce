"""How pages of settlement say who, how much and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import template
from django.utils.translation import gettext

from santong.console.selectors import share_words
from santong.settlement import public as settlement

register = template.Library()

# Parties that are one of a kind are called by their kind.
_CALLED_BY_KIND: Final = frozenset({"head_office", "platform", "to_come"})
_TONES: Final = {
    **dict.fromkeys(("due", "done", "ended", "confirmed", "accepted"), "good"),
    **dict.fromkeys(("pending", "draft", "closed", "open", "planned"), "wait"),
    **dict.fromkeys(("approved", "sent", "drafting"), "move"),
    **dict.fromkeys(("failed", "returned"), "bad"),
}


@register.filter
def settled_tone(state: str) -> str:
    """Whether a state of a share, a payout or a statement is good, waits, moves or is bad."""
    return _TONES.get(state, "calm")


@register.filter
def draft_tone(state: str) -> str:
    """Whether a draft of rules waits, holds, or was given up."""
    return {"draft": "wait", "published": "good", "declined": "bad"}.get(state, "calm")


@register.filter
def party_name(party: Any) -> str:
    """What a party is called: by its name, or by what it is where there is only one."""
    code, name = _code_and_name(party)
    kind, _, own = code.partition(":")
    word = _word("party_kind", kind)
    if kind in _CALLED_BY_KIND:
        return word
    is_named = kind in {"place", "dealer", "installer"} and name not in {"", own}
    return name if is_named else f"{word} {own}".strip()


@register.filter
def party_code(code: str) -> str:
    """What a party is called, where only its code is known."""
    kind, _, own = code.partition(":")
    word = _word("party_kind", kind)
    return f"{word} {own}".strip()


@register.filter
def party_called(code: str, parties: Mapping[str, settlement.Party]) -> str:
    """What a party is called, by its code where no sale has opened it yet."""
    return party_name(parties[code]) if code in parties else party_code(code)


@register.filter
def why_so_much(share: settlement.Share) -> str:
    """By what a share came to be so much."""
    return share_words.words_of_share(share)


@register.filter
def when_due(share: settlement.Share) -> str:
    """When a share can be paid out, as long as the moment is not known."""
    return share_words.words_of_due(basis=share.due_basis, days=share.due_days)


@register.filter
def made_by(rule: str) -> str:
    """The name of what made a share: the code of a rule, or a word where it was no rule."""
    if rule in share_words.BETWEEN_OWNERS or rule == share_words.REST:
        return _word("share_rule", rule)
    return rule


@register.filter
def place_name(names: Mapping[str, str], code: str) -> str:
    """What a place is called; by its code where it is not known."""
    return names.get(code, code)


@register.filter
def named_document(numbers: Mapping[str, str], document: str) -> str:
    """The number of an order; another document by its own name."""
    return numbers.get(document, document)


@register.filter
def payout_why(why: str) -> str:
    """Why something was not paid out: in the reader's words, or in the provider's."""
    name = f"payout_why.{why}"
    found = gettext(name)
    if found != name:
        return found
    return gettext(why) if why else ""


def _word(kind: str, value: str) -> str:
    name = f"{kind}.{value}"
    return gettext(name)


def _code_and_name(party: Any) -> tuple[str, str]:
    if hasattr(party, "party_code"):
        return party.party_code, party.party_name
    return party.code, party.name
