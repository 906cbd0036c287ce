"""What benefits knows of a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from santong.benefits.models import Coupon, CouponEvent, IssueTarget, RedemptionLine, RuleFiring
from santong.benefits.selectors.supplies import supplier_codes
from santong.customers import public as customers
from santong.membership import public as membership

Plain = dict[str, object]


def export_person(*, merchant_id: int, person: customers.PersonRecord) -> Mapping[str, object]:
    """Coupons of a person with every step, what they were used for, and what rules did: plain JSON.

    Of all members that the person ever was. What a supplier delivered stands in clear text.
    """
    ids = membership.member_ids_of_persons(merchant_id=merchant_id, person_ids=person.person_ids)
    rows = list(
        Coupon.objects.of_merchant(merchant_id)
        .filter(member_id__in=ids)
        .select_related("batch", "redeemed_location")
        .order_by("id")
    )
    firings = RuleFiring.objects.of_merchant(merchant_id).filter(member_id__in=ids)
    refused = IssueTarget.objects.of_merchant(merchant_id).filter(member_id__in=ids)
    return {
        "coupons": _coupons(merchant_id, rows),
        "rules": [
            {
                "rule": firing.rule.name,
                "occasion": firing.occasion,
                "outcome": firing.outcome,
                "is_told": firing.is_told,
                "at": firing.at.isoformat(),
            }
            for firing in firings.select_related("rule").order_by("id")
        ],
        "mass_issues": [
            {"batch": target.run.batch.name, "state": target.state, "why": target.why}
            for target in refused.select_related("run__batch").order_by("id")
        ],
    }


def _coupons(merchant_id: int, rows: Sequence[Coupon]) -> list[Plain]:
    ids = [row.id for row in rows]
    steps: dict[int, list[Plain]] = {coupon_id: [] for coupon_id in ids}
    events = CouponEvent.objects.of_merchant(merchant_id).filter(coupon_id__in=ids)
    for event in events.order_by("id"):
        steps[event.coupon_id].append(
            {
                "kind": event.kind,
                "at": event.at.isoformat(),
                "reason": event.reason,
                "holder": event.holder,
                "amount_minor": event.amount_minor,
                "channel": event.channel,
            }
        )
    lines: dict[int, list[Plain]] = {coupon_id: [] for coupon_id in ids}
    used = RedemptionLine.objects.of_merchant(merchant_id).filter(coupon_id__in=ids)
    for line in used.order_by("id"):
        lines[line.coupon_id].append(
            {"line": line.line, "quantity": line.quantity, "returned": line.returned}
        )
    delivered = supplier_codes(merchant_id=merchant_id, coupon_ids=ids)
    return [_plain(row, steps[row.id], lines[row.id], delivered.get(row.id, "")) for row in rows]


def _plain(row: Coupon, steps: list[Plain], lines: list[Plain], delivered: str) -> Plain:
    place = row.redeemed_location
    return {
        "id": str(row.id),
        "batch": row.batch.name,
        "batch_code": row.batch.code,
        "kind": row.batch.kind,
        "terms": row.batch.terms,
        "currency": row.batch.currency,
        "state": row.state,
        "is_frozen": row.is_frozen,
        "channel": row.channel,
        "cause": row.cause,
        "issued_at": _when(row.issued_at),
        "valid_from": _when(row.valid_from),
        "valid_until": _when(row.valid_until),
        "redeemed_at": _when(row.redeemed_at),
        "redeemed_channel": row.redeemed_channel,
        "redeemed_place": place.name if place else "",
        "amount_minor": row.amount_minor,
        "revisited_at": _when(row.revisited_at),
        "supplier_code": delivered,
        "steps": steps,
        "lines": lines,
    }


def _when(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
