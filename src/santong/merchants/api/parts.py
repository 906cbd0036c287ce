from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpResponse
from ninja import Status

from santong.kernel.errors import PermissionMissing
from santong.kernel.http import MerchantRequest, Page, id_of, requires
from santong.kernel.http.etags import expected_version, set_etag
from santong.kernel.http.pages import before_id, page_of
from santong.merchants.api.routes import router
from santong.merchants.api.schemas import (
    BrandChange,
    BrandIn,
    BrandOut,
    ContactOut,
    DealerChange,
    DealerIn,
    DealerOut,
    Limit,
    StaffReasonIn,
    StorefrontChange,
    StorefrontIn,
    StorefrontOut,
)
from santong.merchants.selectors import pages, parts
from santong.merchants.services.create_brand import create_brand
from santong.merchants.services.create_dealer import create_dealer
from santong.merchants.services.create_storefront import create_storefront
from santong.merchants.services.reveal_contact import reveal_contact
from santong.merchants.services.update_brand import update_brand
from santong.merchants.services.update_dealer import update_dealer
from santong.merchants.services.update_storefront import update_storefront


@router.get("/brands", response=Page[BrandOut], auth=requires("merchants.view"))
def list_brands(
    request: MerchantRequest, cursor: str | None = None, limit: Limit = 50
) -> Page[BrandOut]:
    """The merchant's brands, newest first."""
    rows = pages.brands_page(merchant_id=request.merchant_id, before=before_id(cursor), limit=limit)
    shown = [BrandOut.of(row) for row in rows]
    return page_of(shown, limit=limit, ids=[row.id for row in rows])


@router.post("/brands", response={201: BrandOut}, auth=requires("merchants.edit"))
def post_brand(request: MerchantRequest, body: BrandIn, response: HttpResponse) -> Status[BrandOut]:
    """Give the merchant another brand."""
    made = create_brand(
        merchant_id=request.merchant_id, code=body.code, name=body.name, now=datetime.now(UTC)
    )
    set_etag(response, version=made.version)
    return Status(201, BrandOut.of(made))


@router.get("/brands/{brand_id}", response=BrandOut, auth=requires("merchants.view"))
def get_brand(request: MerchantRequest, brand_id: str, response: HttpResponse) -> BrandOut:
    """One brand, with its version as ETag."""
    found = parts.brand_by_id(
        merchant_id=request.merchant_id, brand_id=id_of(brand_id, kind="brand")
    )
    set_etag(response, version=found.version)
    return BrandOut.of(found)


@router.patch("/brands/{brand_id}", response=BrandOut, auth=requires("merchants.edit"))
def patch_brand(
    request: MerchantRequest, brand_id: str, body: BrandChange, response: HttpResponse
) -> BrandOut:
    """Change a brand that is still as it was read (If-Match)."""
    changed = update_brand(
        merchant_id=request.merchant_id,
        brand_id=id_of(brand_id, kind="brand"),
        name=body.name,
        is_active=body.is_active,
        expected_version=expected_version(request),
        now=datetime.now(UTC),
    )
    set_etag(response, version=changed.version)
    return BrandOut.of(changed)


@router.get("/dealers", response=Page[DealerOut], auth=requires("merchants.view"))
def list_dealers(
    request: MerchantRequest, cursor: str | None = None, limit: Limit = 50
) -> Page[DealerOut]:
    """The merchant's dealers, newest first."""
    rows = pages.dealers_page(
        merchant_id=request.merchant_id, before=before_id(cursor), limit=limit
    )
    shown = [DealerOut.of(row) for row in rows]
    return page_of(shown, limit=limit, ids=[row.id for row in rows])


@router.post("/dealers", response={201: DealerOut}, auth=requires("merchants.edit"))
def post_dealer(
    request: MerchantRequest, body: DealerIn, response: HttpResponse
) -> Status[DealerOut]:
    """Enter a dealer."""
    made = create_dealer(
        merchant_id=request.merchant_id,
        code=body.code,
        name=body.name,
        contact=body.contact,
        now=datetime.now(UTC),
    )
    set_etag(response, version=made.version)
    return Status(201, DealerOut.of(made))


@router.get("/dealers/{dealer_id}", response=DealerOut, auth=requires("merchants.view"))
def get_dealer(request: MerchantRequest, dealer_id: str, response: HttpResponse) -> DealerOut:
    """One dealer, with its version as ETag."""
    found = parts.dealer_by_id(
        merchant_id=request.merchant_id, dealer_id=id_of(dealer_id, kind="dealer")
    )
    set_etag(response, version=found.version)
    return DealerOut.of(found)


@router.patch("/dealers/{dealer_id}", response=DealerOut, auth=requires("merchants.edit"))
def patch_dealer(
    request: MerchantRequest, dealer_id: str, body: DealerChange, response: HttpResponse
) -> DealerOut:
    """Change a dealer that is still as it was read (If-Match)."""
    changed = update_dealer(
        merchant_id=request.merchant_id,
        dealer_id=id_of(dealer_id, kind="dealer"),
        name=body.name,
        contact=body.contact,
        is_active=body.is_active,
        expected_version=expected_version(request),
        now=datetime.now(UTC),
    )
    set_etag(response, version=changed.version)
    return DealerOut.of(changed)


@router.post(
    "/dealers/{dealer_id}/reveal-contact",
    response=ContactOut,
    auth=requires("personal_data.reveal"),
)
def post_reveal_contact(
    request: MerchantRequest, dealer_id: str, body: StaffReasonIn, response: HttpResponse
) -> ContactOut:
    """Whom to call at a dealer's, in plain words. The look is kept in the audit trail."""
    # Who serves buyers may see buyers in the clear, and still has no business with dealers.
    if not request.actor.may("merchants.view"):
        raise PermissionMissing(permission="merchants.view")
    contact = reveal_contact(
        merchant_id=request.merchant_id,
        dealer_id=id_of(dealer_id, kind="dealer"),
        reason=body.reason,
        now=datetime.now(UTC),
    )
    response["Cache-Control"] = "no-store"
    return ContactOut(contact=contact)


@router.get("/storefronts", response=Page[StorefrontOut], auth=requires("merchants.view"))
def list_storefronts(
    request: MerchantRequest, cursor: str | None = None, limit: Limit = 50
) -> Page[StorefrontOut]:
    """The merchant's storefronts on all channels, newest first."""
    rows = pages.storefronts_page(
        merchant_id=request.merchant_id, before=before_id(cursor), limit=limit
    )
    shown = [StorefrontOut.of(row) for row in rows]
    return page_of(shown, limit=limit, ids=[row.id for row in rows])


@router.post("/storefronts", response={201: StorefrontOut}, auth=requires("merchants.edit"))
def post_storefront(
    request: MerchantRequest, body: StorefrontIn, response: HttpResponse
) -> Status[StorefrontOut]:
    """Open a storefront on a channel."""
    made = create_storefront(
        merchant_id=request.merchant_id,
        code=body.code,
        name=body.name,
        channel=body.channel,
        brand_id=None if body.brand_id is None else id_of(body.brand_id, kind="brand"),
        is_open=body.is_open,
        now=datetime.now(UTC),
    )
    set_etag(response, version=made.version)
    return Status(201, StorefrontOut.of(made))


@router.get("/storefronts/{storefront_id}", response=StorefrontOut, auth=requires("merchants.view"))
def get_storefront(
    request: MerchantRequest, storefront_id: str, response: HttpResponse
) -> StorefrontOut:
    """One storefront, with its version as ETag."""
    found = parts.storefront_by_id(
        merchant_id=request.merchant_id, storefront_id=id_of(storefront_id, kind="storefront")
    )
    set_etag(response, version=found.version)
    return StorefrontOut.of(found)


@router.patch(
    "/storefronts/{storefront_id}", response=StorefrontOut, auth=requires("merchants.edit")
)
def patch_storefront(
    request: MerchantRequest, storefront_id: str, body: StorefrontChange, response: HttpResponse
) -> StorefrontOut:
    """Change a storefront that is still as it was read (If-Match)."""
    changed = update_storefront(
        merchant_id=request.merchant_id,
        storefront_id=id_of(storefront_id, kind="storefront"),
        name=body.name,
        is_open=body.is_open,
        expected_version=expected_version(request),
        now=datetime.now(UTC),
    )
    set_etag(response, version=changed.version)
    return StorefrontOut.of(changed)
