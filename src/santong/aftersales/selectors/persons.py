"""What aftersales knows of a person."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Q

from santong.aftersales.models import Case
from santong.aftersales.selectors.cases import lines_by_case, messages_of
from santong.customers import public as customers
from santong.kernel.models import MerchantQuerySet
from santong.membership import public as membership
from santong.orders import public as orders


def cases_of_person(*, merchant_id: int, person: customers.PersonRecord) -> MerchantQuerySet[Case]:
    """Cases of the person's memberships, and of orders to one of their numbers."""
    member_ids = list(
        membership.member_ids_of_persons(merchant_id=merchant_id, person_ids=person.person_ids)
    )
    order_ids = orders_of_person(merchant_id=merchant_id, person=person)
    rows: MerchantQuerySet[Case] = Case.objects.of_merchant(merchant_id)
    return rows.filter(Q(member_id__in=member_ids) | Q(order_id__in=order_ids))


def orders_of_person(*, merchant_id: int, person: customers.PersonRecord) -> list[int]:
    """Orders to one of a person's numbers, or of their memberships."""
    known = orders.export_person(merchant_id=merchant_id, person=person)["orders"]
    assert isinstance(known, list)
    return [int(each["id"]) for each in known]


def export_person(*, merchant_id: int, person: customers.PersonRecord) -> Mapping[str, object]:
    """Cases of a person with what they wrote, in plain JSON."""
    rows = list(cases_of_person(merchant_id=merchant_id, person=person).order_by("id"))
    lines = lines_by_case(merchant_id=merchant_id, case_ids=[row.id for row in rows])
    return {
        "cases": [
            {
                "number": case.number,
                "order_id": str(case.order_id),
                "kind": case.wanted,
                "reason": case.reason,
                "state": case.state,
                "words": case.words,
                "opened_at": case.opened_at.isoformat(),
                "lines": [
                    {"sku_code": line.sku_code, "quantity": line.quantity} for line in case.lines
                ],
                "messages": [
                    {"by_buyer": each.by_buyer, "text": each.text, "at": each.at.isoformat()}
                    for each in messages_of(merchant_id=merchant_id, case_id=case.id)
                ],
            }
            for case in (row.as_contract(lines=lines[row.id]) for row in rows)
        ]
    }
