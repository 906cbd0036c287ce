"""A plan and a total become amounts: whole minor units that always add up to the total."""

from __future__ import annotations

from collections.abc import Sequence

from santong.kernel.errors import FieldInvalid
from santong.stagedsales.contracts import MOST_MINOR, WHOLE_BP, PlanTerms, StageTerms
from santong.stagedsales.rules.terms import check_between, check_stages, deposit_exceeds


def amounts_of(
    stages: Sequence[StageTerms], *, total_minor: int, rest_minor: int | None = None
) -> tuple[int, ...]:
    """What each stage comes to: fixed, a part of the total rounded down, and what is left.

    Together they are `rest_minor`: the total, or what of it is not settled by other stages. Raises
    FieldInvalid where a stage would come to nothing.
    """
    check_stages(stages)
    named = [_named(stage, total_minor) for stage in stages]
    left = (total_minor if rest_minor is None else rest_minor) - sum(named)
    amounts = tuple(
        left if stage.basis == "remainder" else amount
        for stage, amount in zip(stages, named, strict=True)
    )
    for place, (stage, amount) in enumerate(zip(stages, amounts, strict=True)):
        if amount <= 0:
            whose = "remainder" if stage.basis == "remainder" else "stage"
            raise FieldInvalid(
                pointer=f"/stages/{place}", reason=f"nothing is left for the {whose}: {amount}"
            )
    return amounts


def contract_amounts(
    terms: PlanTerms, stages: Sequence[StageTerms], *, total_minor: int
) -> tuple[int, ...]:
    """What the stages of a contract come to, the deposit fitting in its stage.

    Raises FieldInvalid: of the amount, of a stage, or of `credited_to`.
    """
    check_between(total_minor, terms.deposit_minor, MOST_MINOR, pointer="/amount_minor")
    amounts = amounts_of(stages, total_minor=total_minor)
    for place, stage in enumerate(stages):
        if stage.due == "date" and stage.due_on is None:
            raise FieldInvalid(pointer=f"/stages/{place}/due_on", reason="a day")
    credited = amounts[terms.credited_to - 1]
    if credited < terms.deposit_minor:
        raise deposit_exceeds(terms.deposit_minor, credited)
    return amounts


def _named(stage: StageTerms, total_minor: int) -> int:
    if stage.basis == "fixed":
        return stage.amount_minor
    return total_minor * stage.share_bp // WHOLE_BP if stage.basis == "percent" else 0
