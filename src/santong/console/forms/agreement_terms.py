"""Terms of an agreement in the rows of a form, written out and read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from santong.agreements import public as agreements
from santong.console.forms.reading import number_in
from santong.console.rules.amounts import minor_of, plain_amount
from santong.kernel.errors import FieldInvalid

MOST_ROWS: Final = 30
# A hundredth of a hundredth, as amounts of two digits are read.
PERCENT: Final = "CNY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One term of the form: its kind says which fields it has."""

    place: int
    kind: str
    fields: tuple[agreements.Field, ...]
    sent: Mapping[str, str] = field(default_factory=dict[str, str])


def rows_of(
    terms: Sequence[agreements.Term],
    *,
    fields_by_kind: Mapping[agreements.Kind, tuple[agreements.Field, ...]],
    currency: str,
) -> list[Row]:
    """Terms as rows of a form."""
    return [
        Row(
            place=place,
            kind=term.kind,
            fields=fields_by_kind[term.kind],
            sent=_written(term, currency),
        )
        for place, term in enumerate(terms)
    ]


def rows_sent(
    posted: Mapping[str, str],
    *,
    fields_by_kind: Mapping[agreements.Kind, tuple[agreements.Field, ...]],
) -> list[Row]:
    """The rows that a form brought, without the one that was dropped, with one that was added."""
    kinds = [posted.get(f"t{place}_kind", "") for place in range(MOST_ROWS)]
    dropped, added = posted.get("drop", ""), posted.get("add", "")
    found = [
        (kind, {name: posted.get(f"t{place}_{name}", "") for name in _names(kind, fields_by_kind)})
        for place, kind in enumerate(kinds)
        if kind in agreements.KINDS and str(place) != dropped
    ]
    if "more" in posted and added in agreements.KINDS and len(found) < MOST_ROWS:
        found.append((added, {}))
    return [
        Row(place=place, kind=kind, fields=fields_by_kind[_kind(kind)], sent=sent)
        for place, (kind, sent) in enumerate(found)
    ]


def is_rearranged(posted: Mapping[str, str]) -> bool:
    """Whether a form only wants another row, or one less."""
    return "more" in posted or bool(posted.get("drop"))


def terms_in(rows: Sequence[Row], *, currency: str) -> tuple[agreements.Term, ...]:
    """What the rows say. Raises FieldInvalid with the term's own pointer."""
    return tuple(_term(row, currency) for row in rows)


def _term(row: Row, currency: str) -> agreements.Term:
    at = f"/terms/{row.place}"
    sent = row.sent
    is_money = sent.get("remedy") in agreements.MONEY_REMEDIES
    return agreements.Term(
        number=row.place + 1,
        kind=_kind(row.kind),
        params={
            each.name: _param(each, row, at)
            for each in row.fields
            if each.is_needed or row.sent.get(f"p_{each.name}", "").strip()
        },
        remedy=sent.get("remedy", ""),  # type: ignore[arg-type]  # checked by the service
        amount=_amount(sent, currency, at) if is_money else None,
        cap_minor=_minor(sent.get("cap", ""), currency, f"{at}/cap_minor") if is_money else None,
        bearer=sent.get("bearer") or "merchant",  # type: ignore[arg-type]
        bearer_code=sent.get("bearer_code", "").strip(),
    )


def _param(each: agreements.Field, row: Row, at: str) -> str | int:
    text = row.sent.get(f"p_{each.name}", "").strip()
    if each.type != "number":
        return text
    try:
        found = number_in({each.name: text}, each.name)
    except FieldInvalid:
        found = None
    if found is None:
        raise FieldInvalid(pointer=f"{at}/params/{each.name}", reason="a whole number")
    return found


def _amount(sent: Mapping[str, str], currency: str, at: str) -> agreements.Amount:
    is_share = sent.get("basis") == "share"
    value = _minor(sent.get("value", ""), PERCENT if is_share else currency, f"{at}/amount/value")
    return agreements.Amount(
        basis="share" if is_share else "fixed",
        value=value or 0,
        per="day" if sent.get("per") == "day" else "once",
    )


def _minor(text: str, currency: str, pointer: str) -> int | None:
    if not text.strip():
        return None
    minor = minor_of(text=text, currency=currency)
    if minor is None:
        raise FieldInvalid(pointer=pointer, reason="an amount")
    return minor


def _written(term: agreements.Term, currency: str) -> dict[str, str]:
    sent = {f"p_{name}": str(value) for name, value in term.params.items()}
    sent |= {"remedy": term.remedy, "bearer": term.bearer, "bearer_code": term.bearer_code}
    if term.amount:
        of = PERCENT if term.amount.basis == "share" else currency
        sent |= {
            "basis": term.amount.basis,
            "value": plain_amount(minor=term.amount.value, currency=of),
            "per": term.amount.per,
        }
    if term.cap_minor is not None:
        sent["cap"] = plain_amount(minor=term.cap_minor, currency=currency)
    return sent


def _names(
    kind: str, fields_by_kind: Mapping[agreements.Kind, tuple[agreements.Field, ...]]
) -> list[str]:
    if kind not in agreements.KINDS:
        return []
    own = [f"p_{each.name}" for each in fields_by_kind[_kind(kind)]]
    return [*own, "remedy", "basis", "value", "per", "cap", "bearer", "bearer_code"]


def _kind(kind: str) -> agreements.Kind:
    return agreements.KINDS[agreements.KINDS.index(kind)]
