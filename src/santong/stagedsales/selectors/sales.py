"""Staged sales as others know them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from santong.kernel.errors import NoSuch
from santong.stagedsales import contracts
from santong.stagedsales.models import (
    ChangeOrder,
    Contract,
    OfflineUpload,
    RedemptionCode,
    SaleDocument,
    Stage,
    StagedSale,
)
from santong.stagedsales.rules.masking import masked
from santong.stagedsales.rules.terms import stage_from_json, terms_from_json
from santong.stagedsales.selectors.sealing import (
    number_of,
    opened_buyer,
    phone_index,
)

R = TypeVar("R", bound=Model)
_LARGEST_ID = 2**63 - 1


def sale_by_id(
    *, merchant_id: int, sale_id: int, location_ids: Collection[int] | None = None
) -> contracts.StagedSale:
    """A sale with all that belongs to it; with places, one of theirs alone. Raises NoSuch."""
    rows = StagedSale.objects.of_merchant(merchant_id).filter(id=sale_id)
    found = _with_parts(merchant_id, _at(rows, location_ids))
    if not found:
        raise NoSuch(kind="staged_sale", key=str(sale_id))
    return found[0]


def sale_of_document(
    *, merchant_id: int, document: str, location_ids: Collection[int] | None = None
) -> contracts.StagedSale | None:
    """The sale that a document (`stagedsale:5`, or a stage's `stagedsale:5-2`) is of."""
    stage = contracts.sale_of_document(document)
    sale_id = contracts.sale_of_subject(document) if stage is None else stage[0]
    if sale_id is None:
        return None
    rows = StagedSale.objects.of_merchant(merchant_id).filter(id=sale_id)
    found = _with_parts(merchant_id, _at(rows, location_ids))
    return found[0] if found else None


def sales_page(
    *,
    merchant_id: int,
    state: str = "",
    phone: str = "",
    location_ids: Collection[int] | None = None,
    member_id: int | None = None,
    below_id: int = _LARGEST_ID,
    limit: int = 50,
) -> list[contracts.StagedSale]:
    """Sales, newest first; of a state, of a buyer's telephone number, of a member."""
    rows = StagedSale.objects.of_merchant(merchant_id).filter(id__lt=below_id)
    if state:
        rows = rows.filter(state=state)
    if phone:
        index = phone_index(merchant_id=merchant_id, phone=phone)
        rows = rows.filter(phone_index=index) if index else rows.none()
    if member_id is not None:
        rows = rows.filter(member_id=member_id)
    return _with_parts(merchant_id, _at(rows, location_ids).order_by("-id")[:limit])


def code_for_buyer(*, merchant_id: int, sale_id: int) -> str:
    """The number of a sale's code, while it is good; nothing otherwise."""
    rows = RedemptionCode.objects.of_merchant(merchant_id).filter(sale=sale_id, state="issued")
    row = rows.first()
    return number_of(row) if row is not None else ""


def double_redemptions(
    *,
    merchant_id: int,
    location_ids: Collection[int] | None = None,
    below_id: int = _LARGEST_ID,
    limit: int = 50,
) -> list[contracts.DoubleRedemption]:
    """Codes that a second device took offline, newest first; at some places, or of theirs."""
    rows = OfflineUpload.objects.of_merchant(merchant_id).filter(
        outcome="double", id__lt=below_id, sale__isnull=False
    )
    if location_ids is not None:
        rows = rows.filter(Q(location_id__in=location_ids) | Q(first_location_id__in=location_ids))
    return [
        contracts.DoubleRedemption(
            id=row.id,
            sale_id=row.sale_id or 0,
            device=row.device,
            location_id=row.location_id,
            redeemed_at=row.redeemed_at,
            synced_at=row.synced_at,
            first_device=row.first_device,
            first_location_id=row.first_location_id,
            first_at=row.first_at,
        )
        for row in rows.order_by("-id")[:limit]
    ]


def unpaid_gates(*, merchant_id: int, subject: str) -> list[int]:
    """The stages that have to be paid before anything of a sale is handed over, and are not."""
    sale_id = contracts.sale_of_subject(subject)
    rows = Stage.objects.of_merchant(merchant_id).filter(
        sale=sale_id, gates_delivery=True, state__in=["planned", "due"]
    )
    return list(rows.order_by("number").values_list("number", flat=True))


def _at(rows: QuerySet[StagedSale], location_ids: Collection[int] | None) -> QuerySet[StagedSale]:
    """Sales of some places; one that no store has yet is everybody's."""
    if location_ids is None:
        return rows
    return rows.filter(Q(location_id__in=location_ids) | Q(location_id__isnull=True))


def _with_parts(merchant_id: int, rows: QuerySet[StagedSale]) -> list[contracts.StagedSale]:
    sales = list(rows.select_related("plan"))
    ids = [row.id for row in sales]
    codes = _by_sale(RedemptionCode.objects.of_merchant(merchant_id), ids)
    signed = _by_sale(Contract.objects.of_merchant(merchant_id), ids)
    stages = _by_sale(Stage.objects.of_merchant(merchant_id).order_by("number"), ids)
    money = _by_sale(SaleDocument.objects.of_merchant(merchant_id).order_by("number"), ids)
    changes = _by_sale(ChangeOrder.objects.of_merchant(merchant_id).order_by("version"), ids)
    return [
        _contract(
            row,
            code=next(iter(codes[row.id]), None),
            signed=next(iter(signed[row.id]), None),
            stages=stages[row.id],
            money=[each.as_contract() for each in money[row.id]],
            changes=changes[row.id],
        )
        for row in sales
    ]


def _by_sale(rows: QuerySet[R], ids: Sequence[int]) -> dict[int, list[R]]:
    found: dict[int, list[R]] = defaultdict(list)
    for row in rows.filter(sale__in=ids):
        found[row.sale_id].append(row)  # type: ignore[attr-defined]  # each has its sale
    return found


def _contract(
    row: StagedSale,
    *,
    code: RedemptionCode | None,
    signed: Contract | None,
    stages: Sequence[Stage],
    money: Sequence[contracts.SaleMoney],
    changes: Sequence[ChangeOrder],
) -> contracts.StagedSale:
    terms = terms_from_json(row.plan.terms)
    by_number = {each.number: each for each in money}
    return contracts.StagedSale(
        id=row.id,
        plan_id=row.plan_id,
        plan_code=row.plan.code,
        plan_version=row.plan.version,
        name=terms.name,
        state=contracts.SALE_STATES[contracts.SALE_STATES.index(row.state)],
        currency=row.currency,
        deposit_minor=row.deposit_minor,
        credited_to=terms.credited_to,
        storefront_id=row.storefront_id,
        location_id=row.location_id,
        member_id=row.member_id,
        buyer=masked(opened_buyer(row)),
        reserved_at=row.reserved_at,
        deposit_until=row.deposit_until,
        order_id=row.order_id,
        delivered_at=row.delivered_at,
        ended_at=row.ended_at,
        why=row.why,
        code=code.as_contract() if code else None,
        contract=signed.as_contract() if signed else None,
        stages=tuple(_stage(each, by_number[each.document_number]) for each in stages),
        money=tuple(money),
        changes=tuple(change_of(each) for each in changes),
    )


def _stage(row: Stage, money: contracts.SaleMoney) -> contracts.SaleStage:
    plain: dict[str, Any] = {
        name: getattr(row, name)
        for name in (
            *("number", "document_number", "name", "basis", "due", "amount_minor", "share_bp"),
            *("due_on", "due_days", "gates_delivery", "waits_for_acceptance", "silence_days"),
            *("state", "paid_minor", "released_minor", "due_at", "paid_at", "done_at"),
            *("accepted_at", "accepted_by"),
        )
    }
    return contracts.SaleStage(document=money.document, open_minor=money.open_minor, **plain)


def change_of(row: ChangeOrder) -> contracts.SaleChange:
    """A change order as others know it."""
    return contracts.SaleChange(
        version=row.version,
        state=contracts.CHANGE_STATES[contracts.CHANGE_STATES.index(row.state)],
        amount_minor=row.amount_minor,
        before_minor=row.before_minor,
        refund_minor=row.refund_minor,
        stages=_agreed(row.stages),
        before=_agreed(row.before),
        reason=row.reason,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        decided_at=row.decided_at,
    )


def _agreed(said: Sequence[Any]) -> tuple[tuple[int, contracts.StageTerms, int], ...]:
    return tuple(
        (int(number), stage_from_json(stage), int(amount)) for number, stage, amount in said
    )
