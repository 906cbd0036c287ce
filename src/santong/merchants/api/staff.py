from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpResponse
from ninja import Status

from santong.kernel.http import MerchantRequest, Page, id_of, requires
from santong.kernel.http.etags import expected_version, set_etag
from santong.kernel.http.pages import before_id, page_of
from santong.merchants.api.routes import router
from santong.merchants.api.schemas import (
    GrantIn,
    GrantOut,
    Limit,
    NewStaffOut,
    StaffChange,
    StaffIn,
    StaffOut,
    StaffReasonIn,
)
from santong.merchants.selectors import access, pages
from santong.merchants.selectors.staff import staff_by_id
from santong.merchants.services.create_staff import create_staff
from santong.merchants.services.grant_role import grant_role
from santong.merchants.services.reset_password import reset_password
from santong.merchants.services.revoke_role import revoke_role
from santong.merchants.services.update_staff import update_staff


@router.get("/staff", response=Page[StaffOut], auth=requires("staff.view"))
def list_staff(
    request: MerchantRequest, cursor: str | None = None, limit: Limit = 50
) -> Page[StaffOut]:
    """Who works for the merchant, newest first; a store's manager sees the store's staff."""
    rows = pages.staff_page(
        merchant_id=request.merchant_id,
        location_ids=request.actor.location_ids,
        before=before_id(cursor),
        limit=limit,
    )
    shown = [StaffOut.of(row) for row in rows]
    return page_of(shown, limit=limit, ids=[row.id for row in rows])


@router.post("/staff", response={201: NewStaffOut}, auth=requires("staff.edit"))
def post_staff(
    request: MerchantRequest, body: StaffIn, response: HttpResponse
) -> Status[NewStaffOut]:
    """Let somebody log in. The one-time password is in this answer and nowhere else."""
    made = create_staff(
        merchant_id=request.merchant_id,
        login=body.login,
        name=body.name,
        language=body.language,
        now=datetime.now(UTC),
    )
    set_etag(response, version=made.staff.version)
    response["Cache-Control"] = "no-store"
    return Status(201, NewStaffOut.of(made))


@router.get("/staff/{staff_id}", response=StaffOut, auth=requires("staff.edit"))
def get_staff(request: MerchantRequest, staff_id: str, response: HttpResponse) -> StaffOut:
    """One of the staff, with their version as ETag."""
    found = staff_by_id(merchant_id=request.merchant_id, staff_id=id_of(staff_id, kind="staff"))
    set_etag(response, version=found.version)
    return StaffOut.of(found)


@router.patch("/staff/{staff_id}", response=StaffOut, auth=requires("staff.edit"))
def patch_staff(
    request: MerchantRequest, staff_id: str, body: StaffChange, response: HttpResponse
) -> StaffOut:
    """Change or disable somebody who is still as they were read (If-Match)."""
    changed = update_staff(
        merchant_id=request.merchant_id,
        staff_id=id_of(staff_id, kind="staff"),
        name=body.name,
        language=body.language,
        is_active=body.is_active,
        expected_version=expected_version(request),
        now=datetime.now(UTC),
    )
    set_etag(response, version=changed.version)
    return StaffOut.of(changed)


@router.post("/staff/{staff_id}/reset-password", response=NewStaffOut, auth=requires("staff.edit"))
def post_reset_password(
    request: MerchantRequest, staff_id: str, body: StaffReasonIn, response: HttpResponse
) -> NewStaffOut:
    """Give somebody a one-time password. It is in this answer and nowhere else."""
    made = reset_password(
        merchant_id=request.merchant_id,
        staff_id=id_of(staff_id, kind="staff"),
        reason=body.reason,
        now=datetime.now(UTC),
    )
    response["Cache-Control"] = "no-store"
    return NewStaffOut.of(made)


@router.get("/staff/{staff_id}/grants", response=list[GrantOut], auth=requires("staff.edit"))
def list_grants(request: MerchantRequest, staff_id: str) -> list[GrantOut]:
    """The roles that somebody has, in the order in which they were given."""
    person = staff_by_id(merchant_id=request.merchant_id, staff_id=id_of(staff_id, kind="staff"))
    found = access.grants_of(merchant_id=request.merchant_id, staff_id=person.id)
    return [GrantOut.of(grant) for grant in found]


@router.post("/staff/{staff_id}/grants", response={201: GrantOut}, auth=requires("staff.edit"))
def post_grant(request: MerchantRequest, staff_id: str, body: GrantIn) -> Status[GrantOut]:
    """Give somebody a role."""
    grant = grant_role(
        merchant_id=request.merchant_id,
        staff_id=id_of(staff_id, kind="staff"),
        role=body.role,
        brand_id=None if body.brand_id is None else id_of(body.brand_id, kind="brand"),
        dealer_id=None if body.dealer_id is None else id_of(body.dealer_id, kind="dealer"),
        location_id=None if body.location_id is None else id_of(body.location_id, kind="location"),
        now=datetime.now(UTC),
    )
    return Status(201, GrantOut.of(grant))


@router.post("/grants/{grant_id}/revoke", response={204: None}, auth=requires("staff.edit"))
def post_revoke_grant(request: MerchantRequest, grant_id: str, body: StaffReasonIn) -> Status[None]:
    """Take a role away again."""
    revoke_role(
        merchant_id=request.merchant_id,
        grant_id=id_of(grant_id, kind="grant"),
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return Status(204, None)
