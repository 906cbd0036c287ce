"""What an offer may say, and how its terms are written down."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime
from itertools import pairwise
from typing import Any, Final

from santong.presales.contracts import (
    FORFEITS,
    LONGEST_CODE,
    LONGEST_NAME,
    MOST_LINES,
    MOST_MINOR,
    MOST_UNITS,
    STOCKS,
    WHOLE_BP,
    OfferLine,
    Problem,
    Terms,
)
from santong.presales.rules.amounts import amounts_of_unit, is_lawful_earnest

_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
_CURRENCY: Final = re.compile(r"[A-Z]{3}", re.ASCII)
_INSTANTS: Final = ("deposit_from", "deposit_until", "balance_from", "balance_until")


def is_code(code: str) -> bool:
    """Whether an offer may be called so."""
    return len(code) <= LONGEST_CODE and _CODE.fullmatch(code) is not None


def problems_of(*, terms: Terms) -> Sequence[Problem]:
    """All that is wrong with an offer, each under the field that says it."""
    found = [
        *_problems_of_whole(terms),
        *_problems_of_windows(terms),
        *_problems_of_policy(terms),
    ]
    for place, line in enumerate(terms.lines[:MOST_LINES]):
        found += _problems_of_line(line, terms, pointer=f"/lines/{place}")
    return found


def _problems_of_whole(terms: Terms) -> Iterator[Problem]:
    if not 0 < len(terms.name.strip()) <= LONGEST_NAME:
        yield Problem(pointer="/name", reason="missing")
    if not _CURRENCY.fullmatch(terms.currency):
        yield Problem(pointer="/currency", reason="no_currency")
    if not 0 < len(terms.lines) <= MOST_LINES:
        yield Problem(pointer="/lines", reason="no_lines")
    if not 0 < terms.limit_units <= MOST_UNITS:
        yield Problem(pointer="/limit_units", reason="out_of_range")
    if not 0 < terms.most_per_buyer <= MOST_UNITS:
        yield Problem(pointer="/most_per_buyer", reason="out_of_range")
    codes = [line.sku_code for line in terms.lines]
    for place, code in enumerate(codes):
        if code in codes[:place]:
            yield Problem(pointer=f"/lines/{place}/sku_code", reason="twice")


def _problems_of_windows(terms: Terms) -> Iterator[Problem]:
    """Each window ends after it begins, and the second begins when the first has ended."""
    at = {name: getattr(terms, name) for name in _INSTANTS}
    for before, name in pairwise(_INSTANTS):
        is_wrong = at[name] < at[before] if name == "balance_from" else at[name] <= at[before]
        if is_wrong:
            yield Problem(pointer=f"/{name}", reason="too_early")


def _problems_of_policy(terms: Terms) -> Iterator[Problem]:
    if terms.forfeit not in FORFEITS:
        yield Problem(pointer="/forfeit", reason="unknown")
    if terms.stock not in STOCKS:
        yield Problem(pointer="/stock", reason="unknown")
    is_part = terms.forfeit == "part"
    if is_part and not 0 < terms.forfeit_bp < WHOLE_BP:
        yield Problem(pointer="/forfeit_bp", reason="out_of_range")
    if not is_part and terms.forfeit_bp:
        yield Problem(pointer="/forfeit_bp", reason="not_a_part")


def _problems_of_line(line: OfferLine, terms: Terms, *, pointer: str) -> list[Problem]:
    amounts = amounts_of_unit(
        price_minor=line.price_minor,
        deposit_minor=line.deposit_minor,
        worth_minor=line.worth_minor,
    )
    found: list[Problem] = []
    if not line.sku_code:
        found.append(Problem(pointer=f"{pointer}/sku_code", reason="missing"))
    if not 0 < line.price_minor <= MOST_MINOR:
        found.append(Problem(pointer=f"{pointer}/price_minor", reason="out_of_range"))
    if line.deposit_minor < 1:
        found.append(Problem(pointer=f"{pointer}/deposit_minor", reason="out_of_range"))
    if line.worth_minor < line.deposit_minor:
        found.append(Problem(pointer=f"{pointer}/worth_minor", reason="less_than_the_deposit"))
    if amounts.balance_minor < 1:
        found.append(Problem(pointer=f"{pointer}/worth_minor", reason="no_balance_left"))
    if not found and terms.forfeit != "none" and not is_lawful_earnest(amounts):
        found.append(Problem(pointer=f"{pointer}/deposit_minor", reason="more_than_a_fifth"))
    return found


def terms_to_json(terms: Terms) -> dict[str, Any]:
    """Terms as they are kept."""
    return {
        **asdict(terms),
        **{name: getattr(terms, name).isoformat() for name in _INSTANTS},
        "ships_after": terms.ships_after.isoformat() if terms.ships_after else None,
    }


def terms_from_json(kept: dict[str, Any]) -> Terms:
    """Terms as they were kept."""
    values = dict(kept)
    for name in _INSTANTS:
        values[name] = datetime.fromisoformat(values[name])
    if values["ships_after"]:
        values["ships_after"] = date.fromisoformat(values["ships_after"])
    values["lines"] = tuple(OfferLine(**line) for line in values["lines"])
    return Terms(**values)
