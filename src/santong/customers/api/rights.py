"""What a person may ask for: to see all of it, and to be forgotten."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

from django.http import HttpResponse

from santong.customers.api.routes import router
from santong.customers.api.schemas import (
    ErasureOut,
    ExportOut,
    PersonReasonIn,
    RevealedIdentifierOut,
    RevealedPersonOut,
)
from santong.customers.services import erase_person as erasing
from santong.customers.services import export_person as exporting
from santong.customers.services import reveal_person as revealing
from santong.kernel.errors import PermissionMissing
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import id_of

VIEW = "customers.view"
REVEAL = revealing.REVEAL


@router.post(
    "/persons/{person_id}/reveal", response=RevealedPersonOut, auth=requires("personal_data.reveal")
)
def reveal_person(
    request: MerchantRequest, person_id: str, body: PersonReasonIn, response: HttpResponse
) -> RevealedPersonOut:
    """A person in clear text, for a reason that goes into the audit trail."""
    _refuse_who_sees_no_persons(request)
    response["Cache-Control"] = "no-store"
    person = revealing.reveal_person(
        merchant_id=request.merchant_id,
        person_id=id_of(person_id, kind="person"),
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return RevealedPersonOut(
        id=str(person.id),
        **asdict(person.profile),
        identifiers=[RevealedIdentifierOut(**asdict(each)) for each in person.identifiers],
    )


@router.post(
    "/persons/{person_id}/export", response=ExportOut, auth=requires("personal_data.reveal")
)
def export_person(
    request: MerchantRequest, person_id: str, body: PersonReasonIn, response: HttpResponse
) -> ExportOut:
    """All that is known of a person, for the person: profile, identifiers, consents, orders."""
    _refuse_who_sees_no_persons(request)
    response["Cache-Control"] = "no-store"
    made = exporting.export_person(
        merchant_id=request.merchant_id,
        person_id=id_of(person_id, kind="person"),
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return ExportOut(person_id=str(made.person_id), made_at=made.made_at, parts=dict(made.parts))


@router.post("/persons/{person_id}/erase", response=ErasureOut, auth=requires("customers.erase"))
def erase_person(request: MerchantRequest, person_id: str, body: PersonReasonIn) -> ErasureOut:
    """Forget who a person was, everywhere. It cannot be undone; open orders stand against it."""
    erased = erasing.erase_person(
        merchant_id=request.merchant_id,
        person_id=id_of(person_id, kind="person"),
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return ErasureOut(
        person_id=str(erased.person_id),
        person_ids=[str(each) for each in erased.person_ids],
        erased_at=erased.erased_at,
    )


def _refuse_who_sees_no_persons(request: MerchantRequest) -> None:
    """Clear text of a person is for who serves all of them.

    A warehouse reveals whom a parcel goes to, and a store whose order it hands out; by an order.
    """
    if not request.actor.may(VIEW):
        raise PermissionMissing(permission=VIEW)
    if request.actor.location_ids is not None:
        raise PermissionMissing(permission=REVEAL)
