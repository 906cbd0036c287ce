"""The terms of each kind of benefit: which it has, and what makes sense in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from santong.benefits.contracts import Kind
from santong.kernel.errors import FieldInvalid

MOST_MINOR = 10**12
MOST_BASIS_POINTS = 10_000
MOST_UNITS = 1_000_000_000
LONGEST_TEXT = 200

Terms = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Term:
    """One term: what it is, and whether it must be there."""

    check: Callable[[object], str]
    is_needed: bool = True


def _whole(least: int, most: int) -> Callable[[object], str]:
    def check(value: object) -> str:
        if not isinstance(value, int) or isinstance(value, bool):
            return "a whole number"
        return "" if least <= value <= most else f"{least} to {most}"

    return check


def _text(value: object) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_TEXT or "\0" in value:
        return f"1 to {LONGEST_TEXT} characters"
    return ""


_AMOUNT = Term(_whole(1, MOST_MINOR))
_AMOUNT_OR_NONE = Term(_whole(0, MOST_MINOR), is_needed=False)
_CAP = Term(_whole(1, MOST_MINOR), is_needed=False)
_TEXT = Term(_text)
_NOTE = Term(_text, is_needed=False)

TERMS: Mapping[Kind, Mapping[str, Term]] = {
    "spend_and_save": {"threshold_minor": _AMOUNT, "off_minor": _AMOUNT},
    "percent": {
        "off_basis_points": Term(_whole(1, MOST_BASIS_POINTS)),
        "threshold_minor": _AMOUNT_OR_NONE,
        "most_off_minor": _CAP,
    },
    "cash": {"value_minor": _AMOUNT},
    "exchange": {"sku_code": _TEXT, "quantity": Term(_whole(1, MOST_UNITS), is_needed=False)},
    "parking": {"minutes": Term(_whole(1, 525_600))},
    "pickup": {"sku_code": _TEXT, "quantity": Term(_whole(1, MOST_UNITS), is_needed=False)},
    "red_packet": {"value_minor": _AMOUNT},
    "experience_card": {
        "tier": _TEXT,
        "days": Term(_whole(1, 3_650)),
        "programme_code": _NOTE,
    },
    "gift": {"sku_code": _TEXT, "quantity": Term(_whole(1, MOST_UNITS), is_needed=False)},
    "third_party_code": {"product": _TEXT, "note": _NOTE},
    "product": {"sku_code": _TEXT, "quantity": Term(_whole(1, MOST_UNITS), is_needed=False)},
    "service": {"service": _TEXT, "note": _NOTE},
    "points": {
        "pool_code": _TEXT,
        "points": Term(_whole(1, MOST_UNITS)),
        "programme_code": _NOTE,
        "valid_days": Term(_whole(1, 3_650), is_needed=False),
    },
}
IN_MONEY = frozenset({"spend_and_save", "percent", "cash", "red_packet"})
# What is owed to its member in money from its issue until it is used or ends. Other coupons take
# something off a price, which the price's lines say.
OWED_IN_MONEY = frozenset({"red_packet"})
# What somebody else has to deliver cannot be given out by ourselves.
NEEDS_SUPPLIER = frozenset({"third_party_code"})


def check_terms(*, kind: Kind, terms: Terms) -> dict[str, int | str]:
    """The terms as they are kept. Raises FieldInvalid."""
    wanted = TERMS[kind]
    for name in terms:
        if name not in wanted:
            raise FieldInvalid(pointer=f"/terms/{name[:40]}", reason=f"no term of {kind}")
    found: dict[str, int | str] = {}
    for name, term in wanted.items():
        value = terms.get(name)
        if value is None:
            if term.is_needed:
                raise FieldInvalid(pointer=f"/terms/{name}", reason="is missing")
            continue
        if reason := term.check(value):
            raise FieldInvalid(pointer=f"/terms/{name}", reason=reason)
        assert isinstance(value, int | str)
        found[name] = value
    threshold, off = found.get("threshold_minor", 0), found.get("off_minor", 0)
    if kind == "spend_and_save" and int(off) > int(threshold):
        raise FieldInvalid(pointer="/terms/off_minor", reason="more than has to be spent")
    return found


def off_minor(*, kind: Kind, terms: Mapping[str, int | str], spent_minor: int) -> int | None:
    """What a coupon takes off so much spent, or None where it is not worth money.

    Nothing below its threshold, and never more than was spent.
    """
    if kind not in IN_MONEY:
        return None
    if spent_minor < int(terms.get("threshold_minor", 0)):
        return 0
    if kind == "percent":
        # Half a minor unit and more is one.
        off = (spent_minor * int(terms["off_basis_points"]) + 5_000) // 10_000
        off = min(off, int(terms.get("most_off_minor", off)))
    else:
        off = int(terms["off_minor" if kind == "spend_and_save" else "value_minor"])
    return min(off, spent_minor)
