"""A change order: the contract is worth more or less, and only what is unpaid is planned anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from santong.kernel.errors import FieldInvalid
from santong.stagedsales.contracts import MOST_MINOR, DraftStage, Standing
from santong.stagedsales.errors import BelowAccepted
from santong.stagedsales.rules.amounts import amounts_of
from santong.stagedsales.rules.terms import check_between


@dataclass(frozen=True, slots=True, kw_only=True)
class Replanned:
    """What stages come to after a change, and what of paid money goes back.

    `amount_by_number` has every stage that was there (nothing: it is over), `draft_amounts` the
    drafts in their order.
    """

    amount_by_number: dict[int, int]
    draft_amounts: tuple[int, ...]
    refund_by_number: dict[int, int]

    @property
    def refund_minor(self) -> int:
        """All that goes back."""
        return sum(self.refund_by_number.values())


def replan(
    standings: Sequence[Standing], *, total_minor: int, drafts: Sequence[DraftStage]
) -> Replanned:
    """Spread a new total over stages: paid ones stay, drafts replace all unpaid ones.

    If the total is below what is paid, no draft remains, and paid stages that are not accepted
    shrink, the last first: so much goes back. What was accepted is never touched.

    Raises FieldInvalid, BelowAccepted.
    """
    live = [each for each in standings if not each.is_over]
    accepted = sum(each.amount_minor for each in live if each.is_released)
    if total_minor < accepted:
        raise BelowAccepted(accepted_minor=accepted, wanted_minor=total_minor)
    check_between(total_minor, 1, MOST_MINOR, pointer="/amount_minor")
    paid = [each for each in live if each.is_paid]
    unpaid = [each for each in live if not each.is_paid]
    _check_numbers(unpaid, drafts)
    rest = total_minor - sum(each.amount_minor for each in paid)
    if rest <= 0:
        return _shrunk(paid, unpaid, by=-rest, drafts=drafts)
    amounts = amounts_of(
        [draft.terms for draft in drafts], total_minor=total_minor, rest_minor=rest
    )
    refunds = _below_what_came_in(unpaid, drafts, amounts)
    kept = {draft.number: amount for draft, amount in zip(drafts, amounts, strict=True)}
    return Replanned(
        amount_by_number={each.number: each.amount_minor for each in paid}
        | {each.number: kept.get(each.number, 0) for each in unpaid},
        draft_amounts=amounts,
        refund_by_number=refunds,
    )


def _check_numbers(unpaid: Sequence[Standing], drafts: Sequence[DraftStage]) -> None:
    known = {each.number for each in unpaid}
    seen: set[int] = set()
    for place, draft in enumerate(drafts):
        if draft.number and (draft.number not in known or draft.number in seen):
            raise FieldInvalid(
                pointer=f"/stages/{place}/number",
                reason="an unpaid stage, once, or 0 for a new one",
            )
        seen.add(draft.number)


def _shrunk(
    paid: Sequence[Standing], unpaid: Sequence[Standing], *, by: int, drafts: Sequence[DraftStage]
) -> Replanned:
    if drafts:
        raise FieldInvalid(pointer="/stages", reason="all of the new total is paid: none remains")
    amounts = {each.number: each.amount_minor for each in paid}
    refunds = {each.number: each.paid_minor for each in unpaid if each.paid_minor}
    for each in sorted(paid, key=lambda one: -one.number):
        cut = 0 if each.is_released else min(by, each.amount_minor)
        if cut:
            amounts[each.number] -= cut
            refunds[each.number] = cut
            by -= cut
    assert by == 0, "what is paid and not accepted covers what the total is below it"
    return Replanned(
        amount_by_number=amounts | {each.number: 0 for each in unpaid},
        draft_amounts=(),
        refund_by_number=refunds,
    )


def _below_what_came_in(
    unpaid: Sequence[Standing], drafts: Sequence[DraftStage], amounts: Sequence[int]
) -> dict[int, int]:
    """What of a deposit goes back: only where its stage is all that remains to be paid."""
    came_in = {each.number: each.paid_minor for each in unpaid if each.paid_minor}
    if came_in.keys() - {draft.number for draft in drafts}:
        raise FieldInvalid(pointer="/stages", reason="the stage that the deposit counts for stays")
    refunds: dict[int, int] = {}
    for place, (draft, amount) in enumerate(zip(drafts, amounts, strict=True)):
        over = came_in.get(draft.number, 0) - amount
        if over <= 0:
            continue
        if len(drafts) > 1:
            raise FieldInvalid(
                pointer=f"/stages/{place}/amount_minor",
                reason=f"not below the {amount + over} that came in for it",
            )
        refunds[draft.number] = over
    return refunds
