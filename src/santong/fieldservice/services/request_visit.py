"""Ask for a visit."""

from __future__ import annotations

from datetime import datetime

from santong.fieldservice import contracts
from santong.fieldservice.contracts import Point
from santong.fieldservice.errors import KeyTaken, PlaceUnknown
from santong.fieldservice.models import ServiceType, Visit
from santong.fieldservice.rules.territory import district_name, rough
from santong.fieldservice.selectors.documents import sold_of
from santong.fieldservice.selectors.people import found_or_refused
from santong.fieldservice.selectors.persons import phone_index
from santong.fieldservice.services.offer_visit import offer_if_ready
from santong.fieldservice.services.record import save
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.stores import public as stores

LONGEST = {"document": 80, "name": 80, "phone": 40, "address": 300, "district": 60, "key": 100}


@all_or_nothing
def request_visit(
    *,
    merchant_id: int,
    document: str,
    service_type_code: str,
    contact: contracts.Contact,
    place: contracts.Place,
    wait_for_goods: bool = False,
    key: str,
    now: datetime,
) -> contracts.Visit:
    """Ask for a visit; it is offered at once, unless it waits for goods that are not there yet.

    The same key asks for the same visit.

    Raises NoSuch, FieldInvalid, PlaceUnknown, KeyTaken. Emits VisitOffered.
    """
    _check(document, contact, place, key)
    service = found_or_refused(
        ServiceType.objects.of_merchant(merchant_id)
        .filter(code=service_type_code, is_open=True)
        .first(),
        "service type",
        service_type_code,
    )
    known = Visit.objects.of_merchant(merchant_id).filter(key=key).first()
    if known is not None:
        if (known.document, known.service_type_id) != (document, service.id):
            raise KeyTaken(key=key)
        return known.as_contract()
    visit = Visit(
        merchant_id=merchant_id,
        key=key,
        document=document,
        service_type=service,
        state="requested",
        waits_for_goods=wait_for_goods or service.needs_goods_arrived,
        seller_location_id=sold_of(merchant_id=merchant_id, document=document).location_id,
        phone_index=phone_index(merchant_id=merchant_id, phone=contact.phone),
        requested_at=now,
    )
    put_at(visit, contact, place)
    save(visit, action="request", reason="requested", before={}, now=now)
    offer_if_ready(visit, now=now)
    return visit.as_contract()


def put_at(visit: Visit, contact: contracts.Contact, place: contracts.Place) -> None:
    """Seal whom and where, and keep a rough point for the way. Raises PlaceUnknown."""
    if place.latitude is not None and place.longitude is not None:
        visit.latitude, visit.longitude = rough(Point(place.latitude, place.longitude))
    else:
        found = stores.place_of(
            country="CN", province=place.province, city=place.city, district=place.district
        )
        if found is None or found.precision == "country":
            raise PlaceUnknown
        visit.latitude, visit.longitude = rough(Point(found.latitude, found.longitude))
    visit.district = district_name(place.province, place.city, place.district)
    visit.seal(contact, place)


def _check(document: str, contact: contracts.Contact, place: contracts.Place, key: str) -> None:
    kind, _, number = document.partition(":")
    if not kind.isalpha() or not number:
        raise FieldInvalid(pointer="/document", reason="a kind and a number, such as order:17")
    for name, text in (
        ("document", document),
        ("name", contact.name),
        ("phone", contact.phone),
        ("address", place.address),
        ("district", place.district),
        ("key", key),
    ):
        if len(text) > LONGEST[name]:
            raise FieldInvalid(pointer=f"/{name}", reason=f"{LONGEST[name]} characters at most")
    if not contact.name.strip():
        raise FieldInvalid(pointer="/contact/name", reason="whom to ask for")
    for name, degrees, most in (
        ("latitude", place.latitude, 90.0),
        ("longitude", place.longitude, 180.0),
    ):
        if degrees is not None and not -most <= degrees <= most:
            raise FieldInvalid(pointer=f"/place/{name}", reason=f"-{most} to {most} degrees")
