"""What agreements know of a person."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Q

from santong.agreements.models import ServiceAgreement
from santong.agreements.rules.sentences import sentence
from santong.agreements.selectors.agreements import as_contracts
from santong.agreements.selectors.phones import phone_index
from santong.customers import public as customers
from santong.kernel.models import MerchantQuerySet
from santong.membership import public as membership
from santong.orders import public as orders


def agreements_of_person(
    *, merchant_id: int, person: customers.PersonRecord
) -> MerchantQuerySet[ServiceAgreement]:
    """Offered to a number of theirs, accepted by a log-in of theirs, or for their orders."""
    indexes = [phone_index(merchant_id=merchant_id, phone=phone) for phone in person.phones]
    known = orders.export_person(merchant_id=merchant_id, person=person)["orders"]
    assert isinstance(known, list)
    members = membership.member_ids_of_persons(
        merchant_id=merchant_id, person_ids=person.person_ids
    )
    rows: MerchantQuerySet[ServiceAgreement] = ServiceAgreement.objects.of_merchant(merchant_id)
    return rows.filter(
        Q(phone_index__in=[index for index in indexes if index])
        | Q(document__in=[f"order:{each['id']}" for each in known])
        | Q(signed_in__in=[f"member:{member_id}" for member_id in members])
    )


def export_person(*, merchant_id: int, person: customers.PersonRecord) -> Mapping[str, object]:
    """Agreements of a person and what they claimed, in plain JSON."""
    rows = agreements_of_person(merchant_id=merchant_id, person=person).order_by("id")
    buyer_by_id = {row.id: row.buyer() for row in rows}
    return {
        "agreements": [
            {
                "number": each.number,
                "document": each.document,
                "version": each.version,
                "state": each.state,
                "accepted_at": each.accepted_at and each.accepted_at.isoformat(),
                "name": buyer_by_id[each.id]["accepted_name"] or buyer_by_id[each.id]["name"],
                "phone": buyer_by_id[each.id]["phone"],
                "terms": [
                    sentence(term=term, currency=each.currency, language="zh-hans")
                    for term in each.terms
                ],
                "claims": [breach.reason for breach in each.breaches if breach.reason],
                "hash": each.link.hash if each.link else "",
            }
            for each in as_contracts(merchant_id=merchant_id, rows=rows)
        ]
    }
