"""The rows of a form that describe stages, read as a context knows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from santong.console.forms.reading import amount_in, basis_points_in, number_in
from santong.kernel.errors import FieldInvalid
from santong.stagedsales import public as stagedsales

ROWS: Final = 6


@dataclass(frozen=True, slots=True)
class Row:
    """A row as the form shows it: what was sent, or what stands there."""

    place: int
    number: int
    terms: stagedsales.StageTerms | None


def rows_of(drafts: list[stagedsales.DraftStage], *, spare: int, most: int = ROWS * 2) -> list[Row]:
    """Rows for stages that are there, and some for more."""
    there = [Row(place, each.number, each.terms) for place, each in enumerate(drafts)]
    more = range(len(there), min(len(there) + spare, most))
    return [*there, *(Row(place, 0, None) for place in more)]


def drafts_in(fields: Mapping[str, str], *, currency: str) -> list[stagedsales.DraftStage]:
    """Stages that have a name, in the order of the form. Raises FieldInvalid, which names one."""
    return [
        _draft(fields, place, currency)
        for place in range(ROWS * 2)
        if fields.get(f"name_{place}", "").strip()
    ]


def dated(
    stages: tuple[stagedsales.StageTerms, ...], fields: Mapping[str, str], *, currency: str
) -> tuple[stagedsales.StageTerms, ...]:
    """The plan's stages with the days and fixed amounts that a contract has instead."""
    return tuple(
        replace(
            stage,
            due_on=_day(fields, f"due_on_{place}") or stage.due_on,
            amount_minor=amount_in(fields, f"amount_{place}", currency) or stage.amount_minor,
        )
        for place, stage in enumerate(stages)
    )


def _draft(fields: Mapping[str, str], place: int, currency: str) -> stagedsales.DraftStage:
    basis = _word(fields, f"basis_{place}", stagedsales.BASES)
    due = _word(fields, f"due_{place}", stagedsales.DUES)
    value = f"value_{place}"
    terms = stagedsales.StageTerms(
        name=fields.get(f"name_{place}", "").strip(),
        basis=basis,
        due=due,
        amount_minor=(amount_in(fields, value, currency) or 0) if basis == "fixed" else 0,
        share_bp=basis_points_in(fields, value) if basis == "percent" else 0,
        due_on=_day(fields, f"due_on_{place}"),
        due_days=number_in(fields, f"due_days_{place}") or 0,
        gates_delivery=bool(fields.get(f"gates_{place}")),
        waits_for_acceptance=not fields.get(f"no_acceptance_{place}"),
        silence_days=number_in(fields, f"silence_{place}") or 0,
    )
    return stagedsales.DraftStage(number=number_in(fields, f"number_{place}") or 0, terms=terms)


def _word(fields: Mapping[str, str], name: str, among: tuple[str, ...]):  # type: ignore[no-untyped-def]  # one of the words of the caller's type
    text = fields.get(name, "")
    if text not in among:
        raise FieldInvalid(pointer=f"/{name}", reason="not one of the choices")
    return text


def _day(fields: Mapping[str, str], name: str) -> date | None:
    text = fields.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise FieldInvalid(pointer=f"/{name}", reason="a day") from None
