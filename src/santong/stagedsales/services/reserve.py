"""A buyer wants something that is bought in stages: its deposit is asked for."""

from __future__ import annotations

from datetime import datetime, timedelta

from santong.kernel import audit
from santong.kernel.errors import Busy, FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import public as merchants
from santong.stagedsales.contracts import DEPOSIT, LONGEST_KEY, Buyer, Reserved
from santong.stagedsales.errors import NotOffered, StagedKeyTaken
from santong.stagedsales.models import SaleDocument, StagedSale
from santong.stagedsales.rules.terms import check_text, content_hash
from santong.stagedsales.selectors.links import token_of
from santong.stagedsales.selectors.plans import plan_by_code
from santong.stagedsales.selectors.sealing import phone_index, sealed_buyer
from santong.stagedsales.services.insert import insert
from santong.stagedsales.services.signature import signature

LONGEST_PERSON = 60
LONGEST_PHONE = 40
LONGEST_WISH = 300


@all_or_nothing
def reserve(
    *,
    merchant_id: int,
    plan_code: str,
    key: str,
    storefront_id: int,
    buyer: Buyer,
    now: datetime,
    location_id: int | None = None,
    member_id: int | None = None,
    order_id: int | None = None,
) -> Reserved:
    """Make a sale by the plan's newest version, once for the key, with a link for its buyer.

    Asked again, it is the same sale and the same link. `location_id` is the store, if
    it is known before the code is redeemed; `order_id` an order whose delivery is this sale's.

    Raises NoSuch, NotOffered, FieldInvalid, StagedKeyTaken, Busy.
    """
    check_text(key, pointer="/key", most=LONGEST_KEY, least=1)
    check_text(buyer.name.strip(), pointer="/buyer/name", most=LONGEST_PERSON, least=1)
    check_text(buyer.note, pointer="/buyer/note", most=LONGEST_WISH)
    check_text(buyer.phone, pointer="/buyer/phone", most=LONGEST_PHONE, least=1)
    index = phone_index(merchant_id=merchant_id, phone=buyer.phone)
    if index is None:
        raise FieldInvalid(pointer="/buyer/phone", reason="a telephone number")
    said = content_hash(
        plan=plan_code,
        phone=index.hex(),
        storefront=storefront_id,
        location=location_id,
        member=member_id,
        order=order_id,
    )
    before = StagedSale.objects.of_merchant(merchant_id).filter(key=key).first()
    if before is not None:
        return _again(before, said)
    merchants.storefront_by_id(merchant_id=merchant_id, storefront_id=storefront_id)
    plan = plan_by_code(merchant_id=merchant_id, code=plan_code)
    if not plan.is_offered:
        raise NotOffered(plan=plan_code)
    row = StagedSale(
        merchant_id=merchant_id,
        key=key,
        request_hash=said,
        plan_id=plan.id,
        state="reserved",
        currency=plan.terms.currency,
        deposit_minor=plan.terms.deposit_minor,
        storefront_id=storefront_id,
        location_id=location_id,
        member_id=member_id,
        order_id=order_id,
        buyer_sealed=sealed_buyer(merchant_id=merchant_id, key=key, buyer=buyer),
        phone_index=index,
        reserved_by=signature(),
        reserved_at=now,
        deposit_until=now + timedelta(minutes=plan.terms.payable_minutes),
    )
    insert(row, taken=Busy(), constraints=("a_staged_sale_is_reserved_once",))
    SaleDocument.objects.create(
        merchant_id=merchant_id, sale=row, number=DEPOSIT, keep_minor=row.deposit_minor
    )
    audit.record(_reserved(row, plan.terms.name), now=now)
    return Reserved(sale_id=row.id, token=token_of(sale=row))


def _again(before: StagedSale, said: str) -> Reserved:
    if before.request_hash != said:
        raise StagedKeyTaken(key=before.key)
    return Reserved(sale_id=before.id, token=token_of(sale=before))


def _reserved(row: StagedSale, name: str) -> audit.Change:
    return audit.Change(
        action="stagedsales.reserve",
        subject="staged_sale",
        subject_id=row.id,
        reason=name,
        after={"state": "reserved", "deposit_minor": row.deposit_minor},
    )
