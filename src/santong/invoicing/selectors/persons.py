"""What invoicing knows of a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from django.db.models import Q

from santong.customers import public as customers
from santong.invoicing.models import Invoice, Sale
from santong.invoicing.selectors.titles import titles_of_all
from santong.kernel.models import MerchantQuerySet
from santong.membership import public as membership
from santong.orders import public as orders


def sales_of_person(*, merchant_id: int, person: customers.PersonRecord) -> MerchantQuerySet[Sale]:
    """What was sold to the person's memberships, and by orders to one of their numbers."""
    member_ids = members_of_person(merchant_id=merchant_id, person=person)
    known = orders.export_person(merchant_id=merchant_id, person=person)["orders"]
    assert isinstance(known, list)
    rows: MerchantQuerySet[Sale] = Sale.objects.of_merchant(merchant_id)
    return rows.filter(
        Q(member_id__in=member_ids) | Q(order_id__in=[int(each["id"]) for each in known])
    )


def members_of_person(*, merchant_id: int, person: customers.PersonRecord) -> list[int]:
    """Every membership that the person has, or had."""
    return list(
        membership.member_ids_of_persons(merchant_id=merchant_id, person_ids=person.person_ids)
    )


def export_person(*, merchant_id: int, person: customers.PersonRecord) -> Mapping[str, object]:
    """Remembered titles and invoices of a person, in plain JSON."""
    member_ids = members_of_person(merchant_id=merchant_id, person=person)
    sales = sales_of_person(merchant_id=merchant_id, person=person)
    rows = Invoice.objects.of_merchant(merchant_id).filter(sale__in=sales)
    return {
        "titles": [
            asdict(each.title)
            for each in titles_of_all(merchant_id=merchant_id, member_ids=member_ids)
        ],
        "invoices": [
            {
                "document": row.sale.document,
                "kind": row.kind,
                "state": row.state,
                "number": row.number,
                "total_minor": row.total_minor,
                "currency": row.currency,
                "title": asdict(row.title()),
            }
            for row in rows.select_related("sale").order_by("id")
        ],
    }
