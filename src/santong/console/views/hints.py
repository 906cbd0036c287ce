"""Fields as they were sent, and what a refused one takes, in the reader's language."""

from __future__ import annotations

import re
from typing import Any, Final

from django.utils.translation import gettext as _

from santong.console.views.frame import sentence_of
from santong.kernel.errors import DomainError, FieldInvalid
from santong.kernel.http.auth import MerchantRequest

LONGEST_FIELD: Final = 500


def sent_fields(request: MerchantRequest) -> dict[str, str]:
    """The fields of a form, as text that can be shown again."""
    return {
        name: text[:LONGEST_FIELD]
        for name, text in request.POST.items()
        if isinstance(text, str) and text.isprintable()
    }


def marks_of(refused: DomainError | None, *, wrong: str) -> dict[str, Any]:
    """What a form shows of a refusal, at the field that it is about or above the whole."""
    return {
        "wrong": wrong,
        "hint": hint_of(refused),
        "refusal": sentence_of(refused) if refused else "",
        "is_elsewhere": bool(refused) and not wrong,
    }


def hint_of(refused: DomainError | None) -> str:
    """What a field takes, where that can be said in the reader's language."""
    if not isinstance(refused, FieldInvalid):
        return ""
    letters = re.fullmatch(r"(?:1 to|at most) (\d+) characters", refused.reason)
    if letters:
        words = (
            _("1 to %(most)s characters")
            if refused.reason[0] == "1"
            else _("at most %(most)s characters")
        )
        return words % {"most": letters[1]}
    bounds = re.search(r"(-?\d+) (?:to|and) (\d+)", refused.reason)
    if bounds:
        least, most = bounds.groups()
        return _("between %(least)s and %(most)s") % {"least": least, "most": most}
    return {
        "a whole number": _("a whole number"),
        "the lowest tier asks for nothing: its threshold is 0": _(
            "the lowest tier asks for nothing: its threshold is 0"
        ),
        "two tiers have one threshold": _("two tiers have one threshold"),
        "two tiers have one code": _("two tiers have one code"),
        "two rules have one code": _("two rules have one code"),
        "is missing": _("it is missing"),
        "an amount": _("an amount like 12.50"),
        "a part of a hundred": _("a number like 12.5"),
        "a day and a time": _("a day and a time"),
        "before it opens": _("it ends before it begins"),
        "before it begins": _("it ends before it begins"),
        "by dates or by days, not both": _("by dates or by days, not both"),
        "more than has to be spent": _("more than has to be spent"),
        "letters, digits, . - _; at most 60": _("letters, digits, dot, dash; at most 60"),
        "three capital letters": _("three letters like CNY"),
        "not one of the choices": _("one of the choices"),
        "several programmes: name the one whose brand pays": _(
            "several programmes share the pool: the benefit has to name one"
        ),
        "no such programme": _("there is no such programme"),
        "a tier of the programme": _("the programme has no such tier"),
        "no telephone number or address of a person": _("no telephone number or e-mail address"),
    }.get(refused.reason, "")
