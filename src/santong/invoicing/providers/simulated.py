"""A tax office that lives on this machine: asynchronous, forgetful, and strict as the real one.

It keeps books of its own, in transactions of its own. What it does with an invoice depends on the
reference alone, or on the setting `mood` of the seller, so that a run can be repeated.
`quota_minor` is how much a seller may invoice in all (授信额度); without it there is no limit.
"""

from __future__ import annotations

import hashlib
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Final

from django.db.models import F, Sum

from santong.invoicing import contracts
from santong.invoicing.contracts.issuers import ConfirmationState
from santong.invoicing.models import SimulatedInvoice, SimulatedSlip
from santong.invoicing.rules.tax import Split, is_within_tolerance
from santong.invoicing.rules.taxpayers import is_taxpayer_number
from santong.kernel import tenancy

# Of a hundred references, so many are like this; the rest is prompt.
BLUE_MOODS: Final = (("slow", 30), ("lost", 15), ("unheard", 10))
RED_MOODS: Final = (("waiting", 30), ("lost", 10), ("unheard", 10))
ASKS_WHILE_SLOW: Final = 2
# A province and an area that do not exist: nobody takes a number of ours for a real one.
PROVINCE: Final = "99"
NOWHERE: Final = "000000"
ENDS_OF_SLIPS: Final[dict[str, ConfirmationState]] = {"denied": "denied", "expired": "expired"}


class SimulatedIssuer:
    """Issues whatever keeps the rules, sooner or later."""

    def issue(self, *, access: contracts.Access, ask: contracts.IssueAsk) -> contracts.Answer:
        """Issue a blue invoice, once for each reference."""
        mood = _mood(access, ask.reference, BLUE_MOODS)
        with _books(access):
            row = _tried(access, ask.reference, kind="blue")
            if not row.is_heard and _arrives(row, mood):
                row.total_minor = _total(ask.lines)
                row.may_be_deducted = ask.form == "special"
                row.why = _objection(access, ask)
                _number(row, mood)
            row.save()
        return _answered(row, mood)

    def query(self, *, access: contracts.Access, reference: str) -> contracts.Answer:
        """How an invoice stands; what never arrived is unknown."""
        with _books(access):
            row = SimulatedInvoice.objects.of_merchant(access.merchant_id).filter(
                reference=reference, is_heard=True
            )
            known = row.lock().first()
            if known is None:
                return contracts.Answer(state="unknown")
            answer = _answer(known)
            known.asks_left = max(0, known.asks_left - 1)
            known.save(update_fields=["asks_left"])
        return answer

    def red_confirm(
        self, *, access: contracts.Access, ask: contracts.RedAsk
    ) -> contracts.Confirmation:
        """Open a slip. Whoever has deducted the blue invoice has to confirm."""
        mood = _mood(access, ask.reference, RED_MOODS)
        with _books(access):
            blue = _issued(access, ask.blue_number)
            if blue is None or blue.total_minor - blue.taken_back_minor < _total(ask.lines):
                return contracts.Confirmation(state="refused", why="more than the blue invoice")
            must_wait = mood in {"denied", "expired"} or (
                mood == "waiting" and blue.may_be_deducted
            )
            SimulatedSlip.objects.bulk_create(
                [
                    SimulatedSlip(
                        merchant_id=access.merchant_id,
                        reference=ask.reference,
                        state="waiting" if must_wait else "confirmed",
                        blue_number=ask.blue_number,
                        total_minor=_total(ask.lines),
                        asks_left=ASKS_WHILE_SLOW,
                    )
                ],
                ignore_conflicts=True,
            )
            return _slip_as_it_stands(_slip(access, ask.reference))

    def query_confirmation(
        self, *, access: contracts.Access, reference: str
    ) -> contracts.Confirmation:
        """How a slip stands. Buyers take their time."""
        mood = _mood(access, reference, RED_MOODS)
        with _books(access):
            slip = _slip(access, reference)
            if slip.state == "waiting":
                slip.asks_left -= 1
                if slip.asks_left <= 0:
                    slip.state = ENDS_OF_SLIPS.get(mood, "confirmed")
                slip.save()
            return _slip_as_it_stands(slip)

    def red_issue(
        self, *, access: contracts.Access, ask: contracts.RedAsk, confirmation: str
    ) -> contracts.Answer:
        """Issue a red invoice, once for each reference, and never for more than the blue one."""
        mood = _mood(access, ask.reference, RED_MOODS)
        with _books(access):
            row = _tried(access, ask.reference, kind="red")
            if not row.is_heard and _arrives(row, mood):
                row.blue_number, row.total_minor = ask.blue_number, _total(ask.lines)
                row.why = _red_objection(access, ask, confirmation)
                _number(row, mood)
            row.save()
        return _answered(row, mood)

    def deliver(self, *, access: contracts.Access, number: str, form: contracts.FileForm) -> bytes:
        """Its books as XML; no other file, so pages draw a copy of their own."""
        with _books(access):
            row = _issued(access, number) if form == "xml" else None
        return b"" if row is None else f'<invoice number="{number}"/>'.encode()


def _books(access: contracts.Access) -> AbstractContextManager[tenancy.Scope]:
    return tenancy.scope(merchant_id=access.merchant_id, request_id="simulated-tax-office")


def _mood(access: contracts.Access, reference: str, moods: tuple[tuple[str, int], ...]) -> str:
    if given := access.settings.get("mood", ""):
        return given
    drawn = hashlib.sha256(reference.encode()).digest()[0] * 100 // 256
    for mood, percent in moods:
        if drawn < percent:
            return mood
        drawn -= percent
    return "prompt"


def _tried(access: contracts.Access, reference: str, *, kind: str) -> SimulatedInvoice:
    SimulatedInvoice.objects.bulk_create(
        [
            SimulatedInvoice(
                merchant_id=access.merchant_id,
                reference=reference,
                taxpayer_number=access.taxpayer_number,
                kind=kind,
            )
        ],
        ignore_conflicts=True,
    )
    (row,) = (
        SimulatedInvoice.objects.of_merchant(access.merchant_id).filter(reference=reference).lock()
    )
    row.tries += 1
    return row


def _arrives(row: SimulatedInvoice, mood: str) -> bool:
    return mood != "dead" and (mood != "unheard" or row.tries > 1)


def _number(row: SimulatedInvoice, mood: str) -> None:
    row.is_heard = True
    row.asks_left = ASKS_WHILE_SLOW if mood == "slow" else 0
    row.issued_at = datetime.now(UTC)
    if not row.why:
        row.number = f"{row.issued_at:%y}{PROVINCE}{row.id:016}"


def _answered(row: SimulatedInvoice, mood: str) -> contracts.Answer:
    """What arrived is answered, unless the first answer was lost on its way."""
    if not row.is_heard or (mood == "lost" and row.tries == 1):
        raise contracts.Unreachable("timed out")
    return _answer(row)


def _answer(row: SimulatedInvoice) -> contracts.Answer:
    if row.asks_left > 0:
        return contracts.Answer(state="working")
    if row.why:
        return contracts.Answer(state="refused", why=row.why)
    return contracts.Answer(state="issued", number=row.number, issued_at=row.issued_at)


def _total(lines: tuple[contracts.AskLine, ...]) -> int:
    return sum(line.amount_minor + line.tax_minor for line in lines)


def _objection(access: contracts.Access, ask: contracts.IssueAsk) -> str:
    if not is_taxpayer_number(access.taxpayer_number):
        return "the seller's number is wrong"
    if ask.title.kind == "company" and (
        not is_taxpayer_number(ask.title.number) or ask.title.number[2:8] == NOWHERE
    ):
        return "the buyer's number is wrong"
    if not all(
        is_within_tolerance(
            Split(line.amount_minor, line.tax_minor),
            rate_basis_points=line.rated.rate_basis_points,
        )
        for line in ask.lines
    ):
        return "amount and tax do not fit the rate"
    quota = access.settings.get("quota_minor", "")
    if quota and _invoiced(access) + _total(ask.lines) > int(quota):
        return "quota exceeded"
    return ""


def _invoiced(access: contracts.Access) -> int:
    rows = SimulatedInvoice.objects.of_merchant(access.merchant_id).filter(
        taxpayer_number=access.taxpayer_number, kind="blue", is_heard=True, why=""
    )
    return rows.aggregate(total=Sum("total_minor"))["total"] or 0


def _issued(access: contracts.Access, number: str) -> SimulatedInvoice | None:
    rows = SimulatedInvoice.objects.of_merchant(access.merchant_id)
    return rows.filter(number=number, kind="blue").lock().first()


def _red_objection(access: contracts.Access, ask: contracts.RedAsk, confirmation: str) -> str:
    slip = _slip(access, ask.reference)
    if slip.state != "confirmed" or _slip_number(slip) != confirmation:
        return "the slip is not confirmed"
    total = _total(ask.lines)
    changed = (
        SimulatedInvoice.objects.of_merchant(access.merchant_id)
        .filter(
            number=ask.blue_number,
            kind="blue",
            taken_back_minor__lte=F("total_minor") - total,
        )
        .update(taken_back_minor=F("taken_back_minor") + total)
    )
    return "" if changed else "more than the blue invoice"


def _slip(access: contracts.Access, reference: str) -> SimulatedSlip:
    rows = SimulatedSlip.objects.of_merchant(access.merchant_id).filter(reference=reference)
    (slip,) = rows.lock()
    return slip


def _slip_number(slip: SimulatedSlip) -> str:
    return f"{PROVINCE}{slip.id:018}"


def _slip_as_it_stands(slip: SimulatedSlip) -> contracts.Confirmation:
    state: ConfirmationState = slip.state  # type: ignore[assignment]  # the choices vouch
    why = {"denied": "the buyer said no", "expired": "the buyer did not confirm within 72 hours"}
    return contracts.Confirmation(
        state=state, number=_slip_number(slip), why=why.get(slip.state, "")
    )
