"""A repair at the buyer's: a visit is asked for, and the repair follows it."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from santong.aftersales.errors import RepairPassed
from santong.aftersales.models import Case, Repair
from santong.aftersales.services.go_on_repair import (
    finish_and_hand_back,
    locked_repair,
    step_repair,
)
from santong.aftersales.services.share_repair import name_repairer
from santong.fieldservice import public as fieldservice
from santong.kernel import tenancy
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders

# States of a visit after which another can be asked for.
OVER: Final = frozenset({"accepted", "missed", "cancelled", "done"})
# States of a repair in which work is under way, or can begin.
AT_WORK: Final = frozenset({"waiting_item", "looked_at", "quoted", "to_be_paid", "repairing"})


@all_or_nothing
def ask_for_visit(
    *, merchant_id: int, case_id: int, service_type_code: str, now: datetime
) -> fieldservice.Visit:
    """Let somebody come to the buyer of a repair at home; while one is to come, it is that one.

    They come to where the goods went.

    Raises NoSuch, RepairPassed, PlaceUnknown. Emits VisitOffered. Locks the case.
    """
    case, row = locked_repair(merchant_id, case_id, among=AT_WORK)
    if case.way_back != "home":
        raise RepairPassed(repair_id=str(row.id), state=row.state, wanted="a repair at home")
    visits = fieldservice.visits_of(merchant_id=merchant_id, document=row.document)
    coming = [each for each in visits if each.state not in OVER]
    if coming:
        return coming[-1]
    contact, place = _where(case, now)
    return fieldservice.request_visit(
        merchant_id=merchant_id,
        document=row.document,
        service_type_code=service_type_code,
        contact=contact,
        place=place,
        key=f"{row.document}:{len(visits) + 1}",
        now=now,
    )


@all_or_nothing
def follow_booking(*, merchant_id: int, document: str, provider_code: str, now: datetime) -> None:
    """It is known who comes: the repair is theirs. Emits RepairChanged. Locks the case."""
    found = _repair_at(merchant_id, document, among=AT_WORK)
    if found is None:
        return
    case, row = found
    if (row.repairer, row.repairer_code) != ("provider", provider_code):
        row.repairer, row.repairer_code = "provider", provider_code
        step_repair(case, row, to=row.state, now=now)
        name_repairer(case, row, now=now)


@all_or_nothing
def follow_arrival(*, merchant_id: int, document: str, now: datetime) -> None:
    """Somebody is there and looks at it. Emits RepairChanged. Locks the case."""
    found = _repair_at(merchant_id, document, among={"waiting_item"})
    if found is not None:
        case, row = found
        step_repair(case, row, to="looked_at", now=now)


@all_or_nothing
def follow_work(*, merchant_id: int, document: str, now: datetime) -> None:
    """The work is accepted: it is mended, and its owner has it.

    What has a price that is not paid waits for that.

    Emits RepairChanged, CaseEnded. Locks the case.
    """
    found = _repair_at(merchant_id, document, among={"looked_at", "repairing", "repaired"})
    if found is not None:
        case, row = found
        finish_and_hand_back(case, row, now=now)


def _repair_at(
    merchant_id: int, document: str, *, among: set[str] | frozenset[str]
) -> tuple[Case, Repair] | None:
    """The repair at home that a document is, if it is in one of some states; locked."""
    kind, _, number = document.partition(":")
    if kind != "case" or not (number.isascii() and number.isdigit()):
        return None
    try:
        case, row = locked_repair(merchant_id, int(number), among=among)
    except (NoSuch, RepairPassed):
        return None
    return (case, row) if case.way_back == "home" else None


def _where(case: Case, now: datetime) -> tuple[fieldservice.Contact, fieldservice.Place]:
    """Whom to ask for and where, in clear text for the visit alone: it is sealed there again."""
    with tenancy.acting_as(tenancy.SYSTEM):
        revealed = orders.reveal_recipient(
            merchant_id=case.merchant_id,
            order_id=case.order_id,
            reason=f"a visit for case {case.number}",
            now=now,
        )
    who = revealed.recipient
    return (
        fieldservice.Contact(name=who.name, phone=who.phone),
        fieldservice.Place(
            province=who.province,
            city=who.city,
            district=who.district,
            address=who.address,
            latitude=who.latitude,
            longitude=who.longitude,
        ),
    )
