"""What a store does with a piece of work, each step from the fields of its form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

from django.db import transaction
from django.http import QueryDict

from santong.fulfilment import public as fulfilment
from santong.kernel.errors import FieldInvalid

LONGEST_CARRIER = 40
LONGEST_NUMBER = 60
LONGEST_CODE = 40

# What is told after a step without being raised: the count of wrong codes has to stay.
TOLD = frozenset({fulfilment.CodeWrong.code, fulfilment.CodeLocked.code})


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step with one piece of work of one place."""

    merchant_id: int
    place_id: int
    work_id: int
    form: QueryDict
    now: datetime

    @property
    def work(self) -> dict[str, Any]:
        """What every service asks for; work of another place does not exist here."""
        return {
            "merchant_id": self.merchant_id,
            "fulfilment_order_id": self.work_id,
            "location_ids": frozenset({self.place_id}),
            "now": self.now,
        }

    def text(self, name: str, longest: int) -> str:
        """A field that must be filled in. Raises FieldInvalid."""
        text = self.form.get(name, "").strip()
        if not 0 < len(text) <= longest or not text.isprintable():
            raise FieldInvalid(pointer=f"/{name}", reason=f"1 to {longest} characters")
        return text

    def decline_reason(self) -> fulfilment.DeclineReason:
        """Why something is not sent. Raises FieldInvalid."""
        reason = self.form.get("reason", "")
        if reason not in get_args(fulfilment.DeclineReason):
            raise FieldInvalid(pointer="/reason", reason="not a reason")
        return reason  # type: ignore[return-value]  # one of the words of the type


def make_ready(step: Step) -> fulfilment.Ready:
    """Put the goods aside for the buyer; gives the code, which is told only here."""
    with transaction.atomic():
        return fulfilment.make_ready(**step.work)


def _accept(step: Step) -> str:
    fulfilment.accept(**step.work)
    return ""


def _decline(step: Step) -> str:
    fulfilment.decline(reason=step.decline_reason(), **step.work)
    return ""


def _start_picking(step: Step) -> str:
    fulfilment.start_picking(**step.work)
    return ""


def _picked(step: Step) -> str:
    lines = fulfilment.work_by_id(
        merchant_id=step.merchant_id,
        fulfilment_order_id=step.work_id,
        location_ids=frozenset({step.place_id}),
    ).lines
    picked = {line.order_line_id: _units(step, line) for line in lines}
    is_short = any(picked[line.order_line_id] < line.quantity for line in lines)
    fulfilment.record_picked(
        picked_by_line=picked,
        missing_reason=step.decline_reason() if is_short else "not_in_stock",
        **step.work,
    )
    return ""


def _pack(step: Step) -> str:
    fulfilment.pack(**step.work)
    return ""


def _hand_over(step: Step) -> str:
    fulfilment.hand_over(
        carrier=step.text("carrier", LONGEST_CARRIER),
        tracking_number=step.text("tracking_number", LONGEST_NUMBER),
        **step.work,
    )
    return ""


def _collect(step: Step) -> str:
    outcome = fulfilment.collect(code=step.text("code", LONGEST_CODE), **step.work)
    if isinstance(outcome, fulfilment.CodeWrong | fulfilment.CodeLocked):
        return outcome.code
    return ""


def _units(step: Step, line: fulfilment.FulfilmentLine) -> int:
    text = step.form.get(f"picked_{line.order_line_id}", "").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(10**6))):
        raise FieldInvalid(pointer=f"/picked_{line.order_line_id}", reason="a whole number")
    if int(text) > line.quantity:
        raise FieldInvalid(pointer=f"/picked_{line.order_line_id}", reason="more than was asked")
    return int(text)


# By the name in the address. Each gives the code of what has to be told, if anything.
STEPS: Mapping[str, Callable[[Step], str]] = {
    "accept": _accept,
    "decline": _decline,
    "start-picking": _start_picking,
    "picked": _picked,
    "pack": _pack,
    "hand-over": _hand_over,
    "collect": _collect,
}
READY = "ready"
