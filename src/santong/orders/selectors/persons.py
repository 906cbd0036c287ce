"""The orders of a person."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Q

from santong.customers import public as customers
from santong.membership import public as membership
from santong.orders.models import Order, OrderLine
from santong.orders.models.orders import OrderQuerySet
from santong.orders.selectors.orders import phone_index


def orders_of_person(*, merchant_id: int, person: customers.PersonRecord) -> OrderQuerySet:
    """Orders of the person's memberships, and orders to one of their numbers."""
    writings = [each for phone in person.phones for each in _writings(phone)]
    indexes = [phone_index(merchant_id=merchant_id, phone=writing) for writing in writings]
    member_ids = membership.member_ids_of_persons(
        merchant_id=merchant_id, person_ids=person.person_ids
    )
    rows: OrderQuerySet = Order.objects.of_merchant(merchant_id)
    return rows.filter(
        Q(phone_index__in=[index for index in indexes if index]) | Q(member_id__in=member_ids)
    )


def references_to_person(*, merchant_id: int, person: customers.PersonRecord) -> OrderQuerySet:
    """Orders of nobody whom we know, that name a person as the channel does: by any identifier."""
    names = {each.value for each in person.identifiers}
    for phone in person.phones:
        mobile = phone.removeprefix("+86")
        names |= {*_writings(phone), mobile, f"86{mobile}", f"0086{mobile}", f"+86 {mobile}"}
    rows: OrderQuerySet = Order.objects.of_merchant(merchant_id)
    return rows.filter(member__isnull=True, member_reference__in=sorted(names))


def export_person(*, merchant_id: int, person: customers.PersonRecord) -> Mapping[str, object]:
    """What orders know of a person, in plain JSON: what was bought, and who got it."""
    rows = list(orders_of_person(merchant_id=merchant_id, person=person).order_by("id"))
    lines = OrderLine.objects.of_merchant(merchant_id).filter(order__in=[row.id for row in rows])
    lines_by_order: dict[int, list[dict[str, object]]] = {row.id: [] for row in rows}
    for line in lines.order_by("order_id", "number"):
        lines_by_order[line.order_id].append(
            {
                "sku_code": line.sku_code,
                "sku_name": line.sku_name,
                "quantity": line.quantity,
                "total_minor": line.line_total_minor,
            }
        )
    return {"orders": [_plain(row, lines_by_order[row.id]) for row in rows]}


def _plain(row: Order, lines: list[dict[str, object]]) -> dict[str, object]:
    recipient, note = row.recipient()
    return {
        "id": str(row.id),
        "storefront_code": row.storefront_code,
        "external_number": row.external_number,
        "placed_at": row.placed_at.isoformat(),
        "state": row.state,
        "currency": row.currency,
        "total_minor": row.total_minor,
        "paid_minor": row.paid_minor,
        "recipient": {
            "name": recipient.name,
            "phone": recipient.phone,
            "province": recipient.province,
            "city": recipient.city,
            "district": recipient.district,
            "address": recipient.address,
            "postcode": recipient.postcode,
        },
        "buyer_note": note,
        "lines": lines,
    }


def _writings(phone: str) -> tuple[str, ...]:
    """Orders keep a fixed line at home as it is dialled there."""
    return (phone, f"0{phone.removeprefix('+86')}") if phone.startswith("+86") else (phone,)
