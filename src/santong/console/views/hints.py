"""Fields as they were sent, and what a refused one takes, in the reader's language."""

from __future__ import annotations

import re
from typing import Final

from django.utils.translation import gettext as _

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


def hint_of(refused: DomainError | None) -> str:
    """What a field takes, where that can be said in the reader's language."""
    if not isinstance(refused, FieldInvalid):
        return ""
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
        "several programmes: name the one whose brand pays": _(
            "several programmes share the pool: the benefit has to name one"
        ),
        "no such programme": _("there is no such programme"),
        "a tier of the programme": _("the programme has no such tier"),
        "no telephone number or address of a person": _("no telephone number or e-mail address"),
    }.get(refused.reason, "")
