"""Terms as they are kept in JSON, and read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from santong.agreements.contracts import Amount, Term


def term_of_json(kept: Mapping[str, Any]) -> Term:
    """A term as it was written by `records.term_of`."""
    amount = kept.get("amount")
    return Term(
        number=kept["number"],
        kind=kept["kind"],
        params=kept["params"],
        remedy=kept["remedy"],
        amount=Amount(**amount) if amount else None,
        cap_minor=kept.get("cap_minor"),
        bearer=kept["bearer"],
        bearer_code=kept["bearer_code"],
    )


def terms_of(kept: Sequence[Mapping[str, Any]]) -> tuple[Term, ...]:
    """Terms as they were written."""
    return tuple(term_of_json(each) for each in kept)
