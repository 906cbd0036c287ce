"""A command of another system, carried out once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from santong.kernel.tenancy import all_or_nothing
from santong.qimen.rules.answers import Answered, done, kept, kept_of
from santong.qimen.rules.marks import Part
from santong.qimen.rules.sameness import digest_of
from santong.qimen.selectors.calls import Call
from santong.qimen.services.take_number import keep_answer, take_number


@all_or_nothing
def once(
    *, call: Call, kind: str, number: str, document: Part, work: Callable[[int], Answered]
) -> Answered:
    """Do what a document says unless its number was taken before; then answer as the first time.

    `work` is given the number's own id, by which it names what it books.

    Raises NumberReused, and what `work` raises. Locks the number.
    """
    taken = take_number(
        merchant_id=call.merchant_id,
        contract_id=call.contract.id,
        kind=kind,
        number=number,
        digest=digest_of(document=document),
        now=call.now,
    )
    if not taken.is_new:
        return replace(done(results=kept_of(text=taken.answer)), is_again=True)
    answered = work(taken.id)
    keep_answer(
        merchant_id=call.merchant_id, taken_id=taken.id, answer=kept(results=answered.results)
    )
    return answered
