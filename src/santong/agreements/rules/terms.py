"""Whether terms can be promised: their parameters, their windows, their remedies and caps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from santong.agreements.contracts import (
    BASES,
    BEARERS,
    CLOCKED,
    GOODS_REMEDIES,
    PERS,
    REMEDIES,
    WINDOWS,
    Amount,
    Term,
)
from santong.agreements.rules.schema import (
    FIELDS_BY_KIND,
    ON_TOP,
    TEMPLATE_FIELDS_BY_KIND,
    checked_kind,
    checked_params,
    day_of,
)
from santong.kernel.errors import FieldInvalid

MOST_TERMS: Final = 30
MOST_MINOR: Final = 10**12
BASIS_POINTS: Final = 10_000
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


def checked_terms(
    terms: Sequence[Term], *, total_minor: int, max_window_days: int, today: date | None
) -> tuple[Term, ...]:
    """Terms that can be offered for a document, numbered from 1. Raises FieldInvalid.

    A window that has begun can be offered while it has not ended. Without `today` any day will do.
    """
    _check_count(terms)
    return tuple(
        _checked(
            term, number, total_minor=total_minor, max_window_days=max_window_days, today=today
        )
        for number, term in enumerate(terms, 1)
    )


def checked_template_terms(terms: Sequence[Term], *, max_window_days: int) -> tuple[Term, ...]:
    """Terms of a template, whose windows count from the offer's day. Raises FieldInvalid."""
    _check_count(terms)
    found: list[Term] = []
    for number, term in enumerate(terms, 1):
        at = f"/terms/{number - 1}"
        kind = checked_kind(term.kind, pointer=f"{at}/kind")
        fields = TEMPLATE_FIELDS_BY_KIND[kind]
        params = checked_params(term.params, fields=fields, pointer=f"{at}/params")
        days = params.get("days", 1)
        if isinstance(days, int) and days > max_window_days:
            raise FieldInvalid(pointer=f"{at}/params/days", reason=_too_long(max_window_days))
        _check_remedy(term, at, total_minor=MOST_MINOR)
        found.append(replace(term, number=number, params=params))
    return tuple(found)


def on_day(*, terms: Sequence[Term], day: date) -> tuple[Term, ...]:
    """A template's terms as they are offered on a day."""
    return tuple(_on_day(term, day) for term in terms)


def last_day(term: Term) -> date | None:
    """The last day on which a term of the clock is kept; none for other kinds."""
    if term.kind not in CLOCKED:
        return None
    return date.fromisoformat(str(term.params["end" if term.kind in WINDOWS else "on"]))


def due_at(term: Term, *, timezone: str) -> datetime | None:
    """The instant at which the last day is over in the shop's time zone."""
    day = last_day(term)
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=ZoneInfo(timezone))


def waits_for(term: Term) -> str:
    """What keeps a term of the clock: ship, delivery or install."""
    if term.kind in WINDOWS:
        return term.kind.removesuffix("_window")
    return str(term.params.get("what", ""))


def is_on_top(term: Term) -> bool:
    """Whether a compensation is paid beside whatever goes back for the goods."""
    return term.params.get(ON_TOP.name) == "yes"


def _check_count(terms: Sequence[Term]) -> None:
    if not 0 < len(terms) <= MOST_TERMS:
        raise FieldInvalid(pointer="/terms", reason=f"1 to {MOST_TERMS} terms")


def _checked(
    term: Term, number: int, *, total_minor: int, max_window_days: int, today: date | None
) -> Term:
    at = f"/terms/{number - 1}"
    kind = checked_kind(term.kind, pointer=f"{at}/kind")
    params = checked_params(term.params, fields=FIELDS_BY_KIND[kind], pointer=f"{at}/params")
    found = replace(term, number=number, params=params)
    if kind in WINDOWS:
        _check_window(found, f"{at}/params", max_window_days)
    day = last_day(found)
    if day is not None and today is not None and day < today:
        end = "end" if kind in WINDOWS else "on"
        raise FieldInvalid(pointer=f"{at}/params/{end}", reason="is over already")
    _check_remedy(found, at, total_minor=total_minor)
    return found


def _check_window(term: Term, at: str, max_window_days: int) -> None:
    start = day_of(term.params["start"], pointer=f"{at}/start")
    end = day_of(term.params["end"], pointer=f"{at}/end")
    if end < start:
        raise FieldInvalid(pointer=f"{at}/end", reason="not before the start")
    if (end - start).days + 1 > max_window_days:
        raise FieldInvalid(pointer=f"{at}/end", reason=_too_long(max_window_days))


def _too_long(max_window_days: int) -> str:
    return f"a window has at most {max_window_days} days, both ends counted"


def _check_remedy(term: Term, at: str, *, total_minor: int) -> None:
    if term.remedy not in REMEDIES:
        raise FieldInvalid(pointer=f"{at}/remedy", reason="one of " + ", ".join(REMEDIES))
    if term.bearer not in BEARERS:
        raise FieldInvalid(pointer=f"{at}/bearer", reason="one of " + ", ".join(BEARERS))
    if (term.bearer == "merchant") != (not term.bearer_code):
        raise FieldInvalid(pointer=f"{at}/bearer_code", reason="the code of a provider or carrier")
    if term.bearer_code and not _CODE.fullmatch(term.bearer_code):
        raise FieldInvalid(pointer=f"{at}/bearer_code", reason="the code of a provider or carrier")
    if is_on_top(term) and term.remedy != "compensate":
        raise FieldInvalid(pointer=f"{at}/params/on_top", reason="only a compensation can be")
    if term.remedy in GOODS_REMEDIES:
        if term.amount is not None or term.cap_minor is not None:
            raise FieldInvalid(pointer=f"{at}/amount", reason="goods are no amount")
        return
    if term.amount is None:
        raise FieldInvalid(pointer=f"{at}/amount", reason="is needed")
    _check_amount(term, term.amount, at, total_minor=total_minor)


def _check_amount(term: Term, amount: Amount, at: str, *, total_minor: int) -> None:
    if amount.basis not in BASES or amount.per not in PERS:
        raise FieldInvalid(pointer=f"{at}/amount", reason="fixed or share, once or day")
    most = total_minor if amount.basis == "fixed" else BASIS_POINTS
    if not 0 < amount.value <= most:
        raise FieldInvalid(pointer=f"{at}/amount/value", reason=f"1 to {most}")
    if amount.per == "day" and term.kind not in CLOCKED:
        raise FieldInvalid(pointer=f"{at}/amount/per", reason="only what has a last day is late")
    if amount.per == "day" and term.cap_minor is None:
        raise FieldInvalid(pointer=f"{at}/cap_minor", reason="what grows by the day has an end")
    if term.cap_minor is not None and not 0 < term.cap_minor <= total_minor:
        raise FieldInvalid(pointer=f"{at}/cap_minor", reason=f"1 to {total_minor}")


def _on_day(term: Term, day: date) -> Term:
    params = dict(term.params)
    if "after_days" not in params:
        return term
    first = day + timedelta(days=int(params.pop("after_days")))
    if term.kind == "delay":
        params["on"] = first.isoformat()
    else:
        last = first + timedelta(days=int(params.pop("days")) - 1)
        params |= {"start": first.isoformat(), "end": last.isoformat()}
    return replace(term, params=params)
