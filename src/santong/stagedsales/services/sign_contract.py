"""What is bought was signed in the store: the deposit becomes a part of a contract."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from santong.evidence import public as evidence
from santong.kernel import audit, outbox
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import public as merchants
from santong.stagedsales.contracts import (
    DEPOSIT,
    LONGEST_NUMBER,
    MOST_PHOTOS,
    SaleContract,
    StageTerms,
    subject_of,
)
from santong.stagedsales.errors import ContractNumberTaken, SalePassed
from santong.stagedsales.events import ContractSigned
from santong.stagedsales.models import Contract, SaleDocument, Stage
from santong.stagedsales.rules.amounts import contract_amounts
from santong.stagedsales.rules.deadlines import due_at
from santong.stagedsales.rules.terms import check_text, stage_to_json
from santong.stagedsales.services.change_state import change_state
from santong.stagedsales.services.insert import insert
from santong.stagedsales.services.lock import Held, lock_sale
from santong.stagedsales.services.settle import settle
from santong.stagedsales.services.signature import signature

# What a picture of a signed paper can be.
PICTURED: Final = frozenset({"photo", "scan", "document"})
# A clock on a wall may be a day ahead of ours.
AHEAD: Final = timedelta(days=1)


@all_or_nothing
def sign_contract(
    *,
    merchant_id: int,
    sale_id: int,
    number: str,
    amount_minor: int,
    signed_on: date,
    photo_ids: Collection[int],
    now: datetime,
    stages: Sequence[StageTerms] | None = None,
) -> SaleContract:
    """Freeze what was signed: amount, stages, refunds, and the day whose rules share it.

    Without `stages` they are the plan's. The deposit counts for its stage from now on. Photos are
    evidence of this sale (`stagedsale:5`) that was handed in before.

    Raises NoSuch, SalePassed, FieldInvalid, ContractNumberTaken. Emits ContractSigned, StageDue,
    StagePaid. Locks the sale, then the documents' intents, accounts.
    """
    held = lock_sale(merchant_id=merchant_id, sale_id=sale_id)
    settle(held, numbers=[DEPOSIT], now=now)
    if held.sale.state != "redeemed":
        raise SalePassed(state=held.sale.state)
    number = number.strip()
    check_text(number, pointer="/number", most=LONGEST_NUMBER, least=1)
    if signed_on > (now + AHEAD).date():
        raise FieldInvalid(pointer="/signed_on", reason="not in the future")
    agreed = tuple(held.terms.stages if stages is None else stages)
    _check_credited(held, agreed)
    amounts = contract_amounts(held.terms, agreed, total_minor=amount_minor)
    contract = Contract(
        merchant_id=merchant_id,
        sale=held.sale,
        number=number,
        amount_minor=amount_minor,
        signed_on=signed_on,
        signed_at=now,
        signed_by=signature(),
        rules_at=now,
        agreed=[
            [place, stage_to_json(stage), amount]
            for place, (stage, amount) in enumerate(zip(agreed, amounts, strict=True), 1)
        ],
        refunds=asdict(held.terms.refunds),
        photo_ids=_photos(held, photo_ids),
        photo_count=len(set(photo_ids)),
    )
    insert(
        contract,
        taken=ContractNumberTaken(number=number),
        constraints=("a_contract_has_its_own_number",),
    )
    held.contract = contract
    _write_stages(held, agreed, amounts, now)
    change_state(held.sale, to="contracted", reason=f"contract {number}", now=now)
    audit.record(_signed(held, contract), now=now)
    outbox.publish(_told(held, contract), now=now)
    settle(held, now=now)
    return contract.as_contract()


def _check_credited(held: Held, agreed: Sequence[StageTerms]) -> None:
    if len(agreed) < held.terms.credited_to:
        raise FieldInvalid(
            pointer="/stages", reason=f"the deposit counts for stage {held.terms.credited_to}"
        )


def _photos(held: Held, photo_ids: Collection[int]) -> list[int]:
    if not 1 <= len(set(photo_ids)) <= MOST_PHOTOS:
        raise FieldInvalid(pointer="/photo_ids", reason=f"1 to {MOST_PHOTOS} photos")
    kept = {
        each.id
        for each in evidence.of_subject(
            merchant_id=held.merchant_id, subject=subject_of(held.sale.id)
        )
        if each.kind in PICTURED and each.erased_at is None
    }
    if missing := set(photo_ids) - kept:
        raise FieldInvalid(pointer="/photo_ids", reason=f"no photo of this sale: {min(missing)}")
    return sorted(set(photo_ids))


def _write_stages(
    held: Held, agreed: Sequence[StageTerms], amounts: Sequence[int], now: datetime
) -> None:
    """The stage that the deposit counts for takes the deposit's document over."""
    held.money[DEPOSIT].keep_minor = amounts[held.terms.credited_to - 1]
    held.money[DEPOSIT].save(update_fields=["keep_minor"])
    zone = zone_of(held.merchant_id)
    for number, (stage, amount) in enumerate(zip(agreed, amounts, strict=True), 1):
        is_credited = number == held.terms.credited_to
        add_stage(
            held,
            number=number,
            document_number=DEPOSIT if is_credited else number,
            terms=stage,
            amount_minor=amount,
            due=due_at(stage, signed_at=now, zone=zone),
        )


def add_stage(
    held: Held,
    *,
    number: int,
    document_number: int,
    terms: StageTerms,
    amount_minor: int,
    due: datetime | None,
) -> Stage:
    """Write a stage of a locked sale, with its document."""
    row = Stage.objects.create(
        merchant_id=held.merchant_id,
        sale=held.sale,
        number=number,
        document_number=document_number,
        amount_minor=amount_minor,
        state="planned",
        due_at=due,
        **stage_fields(terms),
    )
    held.stages.append(row)
    if document_number != DEPOSIT:
        held.money[document_number] = SaleDocument.objects.create(
            merchant_id=held.merchant_id,
            sale=held.sale,
            number=document_number,
            keep_minor=amount_minor,
        )
    return row


def stage_fields(terms: StageTerms) -> dict[str, Any]:
    """What of a stage's terms stands in its row, but for its amount."""
    said = asdict(terms)
    del said["amount_minor"]
    return said


def zone_of(merchant_id: int) -> ZoneInfo:
    """Where the merchant's days begin."""
    return ZoneInfo(merchants.merchant(merchant_id=merchant_id).timezone)


def _signed(held: Held, contract: Contract) -> audit.Change:
    return audit.Change(
        action="stagedsales.sign_contract",
        subject="staged_sale",
        subject_id=held.sale.id,
        reason=contract.number,
        after={"amount_minor": contract.amount_minor, "stages": len(contract.agreed)},
    )


def _told(held: Held, contract: Contract) -> ContractSigned:
    return ContractSigned(
        sale_id=held.sale.id,
        location_id=held.sale.location_id,
        member_id=held.sale.member_id,
        contract_number=contract.number,
        currency=held.sale.currency,
        amount_minor=contract.amount_minor,
        stages=len(held.stages),
        signed_at=contract.signed_at,
    )
