"""What stagedsales knows of a person."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Q

from santong.customers import public as customers
from santong.kernel.models import MerchantQuerySet
from santong.membership import public as membership
from santong.stagedsales.models import Contract, Stage, StagedSale
from santong.stagedsales.rules.terms import terms_from_json
from santong.stagedsales.selectors.sealing import opened_buyer, phone_index


def sales_of_person(
    *, merchant_id: int, person: customers.PersonRecord
) -> MerchantQuerySet[StagedSale]:
    """Sales to a person's telephone numbers, and of their memberships."""
    indexes = [
        index
        for phone in person.phones
        if (index := phone_index(merchant_id=merchant_id, phone=phone)) is not None
    ]
    members = membership.member_ids_of_persons(
        merchant_id=merchant_id, person_ids=person.person_ids
    )
    return StagedSale.objects.of_merchant(merchant_id).filter(
        Q(phone_index__in=indexes) | Q(member_id__in=members)
    )


def export_person(*, merchant_id: int, person: customers.PersonRecord) -> Mapping[str, object]:
    """Sales of a person with their contracts and stages: plain JSON."""
    rows = sales_of_person(merchant_id=merchant_id, person=person)
    return {"staged_sales": [_sale(row) for row in rows.select_related("plan").order_by("id")]}


def _sale(row: StagedSale) -> dict[str, object]:
    buyer = opened_buyer(row)
    signed = Contract.objects.of_merchant(row.merchant_id).filter(sale=row).first()
    stages = Stage.objects.of_merchant(row.merchant_id).filter(sale=row).order_by("number")
    return {
        "id": str(row.id),
        "name": terms_from_json(row.plan.terms).name,
        "state": row.state,
        "buyer": {"name": buyer.name, "phone": buyer.phone, "note": buyer.note},
        "deposit_minor": row.deposit_minor,
        "currency": row.currency,
        "reserved_at": row.reserved_at.isoformat(),
        "contract": {"number": signed.number, "amount_minor": signed.amount_minor}
        if signed
        else None,
        "stages": [
            {"name": each.name, "amount_minor": each.amount_minor, "state": each.state}
            for each in stages
        ],
    }
