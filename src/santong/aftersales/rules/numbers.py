"""How cases, claims and the orders that they make are called."""

from __future__ import annotations

import re
from typing import Final

_CASE: Final = re.compile(r"[Cc]0*([1-9][0-9]{0,17})")
_REPLACEMENT: Final = re.compile(r"C0*([1-9][0-9]{0,17})-R[1-9][0-9]{0,3}")


def case_number(case_id: int) -> str:
    """How people call a case: `C000017`."""
    return f"C{case_id:06}"


def case_id_of(text: str) -> int | None:
    """Which case is called so; None is none."""
    found = _CASE.fullmatch(text.strip())
    return int(found[1]) if found else None


def claim_number(claim_id: int) -> str:
    """How people call a claim: `K000003`."""
    return f"K{claim_id:06}"


def replacement_number(case_id: int, number: int) -> str:
    """The number of an order that a case makes: `C000017-R1`."""
    return f"{case_number(case_id)}-R{number}"


def case_of_replacement(external_number: str) -> int | None:
    """Which case made an order with this number; None is none."""
    found = _REPLACEMENT.fullmatch(external_number)
    return int(found[1]) if found else None


def refund_key(case_id: int, number: int) -> str:
    """What names a refund of a case for `payments`."""
    return f"case:{case_id}:{number}"


def case_of_refund(key: str) -> int | None:
    """Which case a refund is of; None is none."""
    head, _, rest = key.partition(":")
    case_id = rest.partition(":")[0]
    return int(case_id) if head == "case" and case_id.isascii() and case_id.isdigit() else None
