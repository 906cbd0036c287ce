"""What makes a message the same one: its number is taken once, with what was answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from santong.kernel import bulk, crypto
from santong.kernel.tenancy import all_or_nothing
from santong.qimen.errors import NumberReused
from santong.qimen.models import TakenNumber
from santong.qimen.rules.sameness import fitting

LONGEST_NUMBER = 260
_UNIQUE = ["merchant_id", "contract_id", "kind", "number"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A number, and whether it was taken just now; if not, what was answered then."""

    id: int
    is_new: bool
    answer: str


@all_or_nothing
def take_number(
    *, merchant_id: int, contract_id: int, kind: str, number: str, digest: str, now: datetime
) -> Taken:
    """Take a number for what a message says; the same again gives what was answered first.

    A second message with the number waits until the first has ended. What was refused has left
    nothing, so that it may come again.

    Raises NumberReused. Locks the number.
    """
    sealed = crypto.blind_index(merchant_id=merchant_id, value=digest, purpose="qimen.said")
    kept = fitting(number=number, longest=LONGEST_NUMBER)
    row = TakenNumber(
        merchant_id=merchant_id,
        contract_id=contract_id,
        kind=kind,
        number=kept,
        digest=sealed,
        at=now,
    )
    made = bulk.insert_new([row], unique=_UNIQUE)
    if made:
        return Taken(id=made[0].id, is_new=True, answer="")
    there = TakenNumber.objects.of_merchant(merchant_id).get(
        contract_id=contract_id, kind=kind, number=kept
    )
    if bytes(there.digest) != sealed:
        raise NumberReused(number=number[:120])
    return Taken(id=there.id, is_new=False, answer=there.answer)


@all_or_nothing
def keep_answer(*, merchant_id: int, taken_id: int, answer: str) -> None:
    """Keep what was answered, in the transaction of the work itself."""
    TakenNumber.objects.of_merchant(merchant_id).filter(id=taken_id).update(answer=answer)
