"""A house with two brands and one member who has everything, made through the doors."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from santong.aftersales.tests.factories import make_bought
from santong.benefits import public as benefits
from santong.customers import public as customers
from santong.kernel import cells, tenancy
from santong.membership import public as membership
from santong.merchants import public as merchants
from santong.orders import public as orders
from santong.payments import public as payments
from santong.prepaid import public as prepaid
from santong.stores import public as stores

NAME = "青禾服饰集团"
APPROVER = tenancy.Actor(kind="staff", id="approver", name="周敏")

LADDER = (
    membership.Tier(code="base", name="普通会员", threshold=0),
    membership.Tier(code="silver", name="银卡会员", threshold=1_000, benefits="生日双倍积分"),
    membership.Tier(code="gold", name="金卡会员", threshold=5_000, benefits="免费修改裤长"),
)
TERMS = membership.Terms(
    tiers=LADDER,
    rules=(
        membership.AccrualRule(code="yuan", points=1, per_minor=100),
        membership.AccrualRule(code="growth", asset="experience", points=1, per_minor=100),
    ),
)

CARDS: Sequence[tuple[Literal["prepaid", "gift"], str]] = (
    ("prepaid", "青禾储值卡"),
    ("gift", "青禾礼品卡"),
)

# Kind, name, terms, days of validity.
CouponOf = tuple[str, str, dict[str, object], int]
COUPONS: Sequence[CouponOf] = (
    ("spend_and_save", "双十一满减券", {"threshold_minor": 30_000, "off_minor": 5_000}, 30),
    ("percent", "会员日折扣", {"off_basis_points": 1_500, "threshold_minor": 0}, 10),
    ("cash", "新会员礼", {"value_minor": 2_000}, 90),
    ("parking", "停车两小时", {"minutes": 120}, 7),
    ("gift", "生日礼", {"sku_code": "CH1001-M"}, 60),
    ("points", "积分礼券", {"pool_code": "shared", "points": 800}, 30),
    (
        "experience_card",
        "金卡体验卡",
        {"tier": "gold", "days": 7, "programme_code": "qinghe"},
        30,
    ),
    ("cash", "用过的券", {"value_minor": 1_000}, 90),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Centre:
    """What tests know of it."""

    merchant_id: int
    code: str
    store: stores.Location
    programmes: Sequence[membership.Programme]
    member_id: int
    phone: str
    coupon_ids: Sequence[int]
    card_ids: Sequence[int]
    batch_code: str
    early_code: str

    def path(self, page: str) -> str:
        return f"/m/{self.code}/{page}"


def make_centre() -> Centre:
    """Open a merchant, let somebody join, buy, spend, and take coupons."""
    now = datetime.now(UTC)
    code = f"centre-{uuid.uuid4().hex[:8]}"
    home = next(cell for cell in cells.all_cells() if cell.name == "main")
    merchant_id = cells.register_merchant(code=code, cell=home)
    with tenancy.scope(merchant_id=merchant_id):
        merchants.open_merchant(
            merchant_id=merchant_id, code=code, name=NAME, currency="CNY", now=now
        )
        programmes = _programmes(merchant_id, now)
        store = _store(merchant_id, programmes[0].brand_id, now)
        phone = f"137{uuid.uuid4().int % 10**8:08}"
        member_id = _member(merchant_id, programmes, phone, store, now)
        _purchases(merchant_id, programmes[0], member_id, now)
        coupon_ids, batch_code, early_code = _coupons(merchant_id, member_id, now)
        card_ids = _cards(merchant_id, programmes[0].brand_id, member_id, now)
        bought = make_bought(merchant_id).order
        orders.link_member(
            merchant_id=merchant_id, order_id=bought.id, member_id=member_id, now=now
        )
    return Centre(
        merchant_id=merchant_id,
        code=code,
        store=store,
        programmes=programmes,
        member_id=member_id,
        phone=phone,
        coupon_ids=coupon_ids,
        card_ids=card_ids,
        batch_code=batch_code,
        early_code=early_code,
    )


def _programmes(merchant_id: int, now: datetime) -> list[membership.Programme]:
    membership.open_pool(merchant_id=merchant_id, code="shared", name="青禾积分", now=now)
    membership.open_pool(merchant_id=merchant_id, code="own", name="远山积分", now=now)
    found = []
    for code, name, pool in (("qinghe", "青禾会员", "shared"), ("yuanshan", "远山俱乐部", "own")):
        brand = merchants.create_brand(merchant_id=merchant_id, code=code, name=name, now=now)
        found.append(
            membership.open_programme(
                merchant_id=merchant_id,
                code=code,
                name=name,
                brand_id=brand.id,
                pool_code=pool,
                now=now,
            )
        )
        membership.publish_terms(
            merchant_id=merchant_id, programme_code=code, terms=TERMS, reason="开业", now=now
        )
    membership.set_card_face(
        merchant_id=merchant_id,
        programme_code="qinghe",
        card_name="青禾会员",
        face=membership.CardFace(
            ground="#fff4d6",
            ink="#3b2a00",
            picture="/static/merchants/mark.svg",
            picture_alt="三通",
        ),
        now=now,
    )
    return found


def _store(merchant_id: int, brand_id: int, now: datetime) -> stores.Location:
    return stores.open_location(
        merchant_id=merchant_id,
        code="S001",
        name="上海南京路店",
        kind="store",
        brand_id=brand_id,
        latitude=31.236,
        longitude=121.480,
        province="上海市",
        city="上海市",
        district="黄浦区",
        address="南京东路 1 号",
        now=now,
    )


def _member(
    merchant_id: int,
    programmes: Sequence[membership.Programme],
    phone: str,
    store: stores.Location,
    now: datetime,
) -> int:
    joined = [
        membership.join(
            merchant_id=merchant_id,
            programme_code=programme.code,
            identifiers=[customers.Identifier("phone", phone, is_verified=True)],
            profile=customers.Profile(name="沈知秋"),
            source=membership.JoinSource(kind="scan", location_code=store.code),
            now=now - timedelta(days=60),
        )
        for programme in programmes
    ]
    customers.give_consent(
        merchant_id=merchant_id,
        person_id=joined[0].member.person_id,
        topic=customers.Topic(purpose="marketing", channel="sms"),
        text_version="2026-11.zh-hans",
        text_hash="0" * 64,
        place="storefront",
        given_at=now - timedelta(days=60),
        now=now,
    )
    return joined[0].member.id


def _purchases(
    merchant_id: int, programme: membership.Programme, member_id: int, now: datetime
) -> None:
    """Thirty in the last year, of which the last is still within its return period."""
    for number in reversed(range(30)):
        bought_at = now - timedelta(days=2 + 11 * number)
        membership.accrue(
            merchant_id=merchant_id,
            purchase=membership.Purchase(
                source="till",
                key=f"bought-{number}",
                member_id=member_id,
                programme_code=programme.code,
                bought_at=bought_at,
                currency="CNY",
                lines=(membership.PurchaseLine(1, "CH1001-M", "coats", 1, 9_900 + 100 * number),),
            ),
            now=bought_at,
        )
    membership.mature_due(merchant_id=merchant_id, now=now, limit=1_000)
    membership.burn(
        merchant_id=merchant_id,
        source="shop",
        key="mug",
        member_id=member_id,
        programme_code=programme.code,
        kind="shop",
        points=500,
        now=now - timedelta(hours=3),
    )


def _cards(merchant_id: int, brand_id: int, member_id: int, now: datetime) -> list[int]:
    """A prepaid card with bonus that was used, and a gift card; both were paid for in cash."""
    person_id = membership.member_by_id(merchant_id=merchant_id, member_id=member_id).person_id
    cash = payments.open_payment_account(
        merchant_id=merchant_id,
        code="cash",
        provider="cash",
        method="cash",
        name="现金",
        currency="CNY",
        now=now,
    )
    found = []
    for kind, name in CARDS:
        prepaid.open_programme(
            merchant_id=merchant_id,
            new=prepaid.NewProgramme(
                code=kind,
                name=name,
                brand_id=brand_id,
                kind=kind,
                currency="CNY",
                party="head_office",
                issuer_kind="brand",
            ),
            now=now,
        )
        prepaid.publish_terms(
            merchant_id=merchant_id,
            programme_code=kind,
            terms=prepaid.Terms(
                profile=prepaid.PROFILES["mainland_china"],
                offers=(
                    prepaid.Offer(
                        code="500-50", pay_minor=50_000, bonus_minor=5_000, bonus_days=90
                    ),
                ),
            ),
            reason="开业",
            now=now,
        )
        sold = prepaid.sell(
            merchant_id=merchant_id,
            programme_code=kind,
            key=f"sold-{kind}",
            amount_minor=50_000,
            offer_code="500-50",
            person_id=person_id,
            now=now - timedelta(days=3),
        )
        payments.open_intent(
            merchant_id=merchant_id,
            new=payments.NewIntent(
                key=f"sold-{kind}",
                document=sold.top_up.document,
                currency="CNY",
                amount_minor=50_000,
                subject=name,
                expires_at=now + timedelta(minutes=15),
                tenders=(
                    payments.NewTender(account_code=cash.code, amount_minor=50_000, way="none"),
                ),
            ),
            seen={1: payments.Seen(state="paid", amount_minor=50_000, at=now)},
            now=now,
        )
        prepaid.land_top_up(
            merchant_id=merchant_id, top_up_id=sold.top_up.id, now=now - timedelta(days=3)
        )
        found.append(sold.card.id)
    prepaid.spend(
        merchant_id=merchant_id,
        card_id=found[0],
        reference="T1",
        document="order:1",
        amount_minor=12_345,
        currency="CNY",
        now=now - timedelta(hours=2),
    )
    return found


def _coupons(merchant_id: int, member_id: int, now: datetime) -> tuple[list[int], str, str]:
    ids: list[int] = []
    codes: list[str] = []
    for number, (kind, name, terms, days) in enumerate(COUPONS):
        batch = _batch(merchant_id, number, (kind, name, terms, days), opens_at=now, now=now)
        codes.append(batch.code)
        coupon = benefits.claim(
            merchant_id=merchant_id,
            batch_id=batch.id,
            member_id=member_id,
            channel="storefront",
            key=f"claim-{number}",
            now=now,
        )
        ids.append(coupon.id)
    benefits.redeem(
        merchant_id=merchant_id,
        coupon_id=ids[-1],
        amount_minor=1_000,
        channel="till",
        key="till-1",
        now=now + timedelta(seconds=1),
    )
    later = now + timedelta(days=3)
    early = _batch(
        merchant_id, 99, (COUPONS[0][0], "周年庆", *COUPONS[0][2:]), opens_at=later, now=now
    )
    return ids, codes[0], early.code


def _batch(
    merchant_id: int, number: int, coupon: CouponOf, *, opens_at: datetime, now: datetime
) -> benefits.Batch:
    """A batch that runs: drafted, approved by another, opened."""
    kind, name, terms, days = coupon
    benefit = benefits.create_benefit(
        merchant_id=merchant_id,
        code=f"benefit-{number}",
        name=name,
        kind=kind,  # type: ignore[arg-type]  # one of the words of the type
        terms=terms,
        currency="CNY",
        now=now,
    )
    drafted = benefits.draft_batch(
        merchant_id=merchant_id,
        benefit_id=benefit.id,
        code=f"batch-{number}",
        name=name,
        limits=benefits.Limits(total=100),
        window=benefits.ClaimWindow(opens_at=opens_at),
        validity=benefits.Validity(days=days),
        now=now,
    )
    with tenancy.acting_as(APPROVER):
        benefits.approve_batch(merchant_id=merchant_id, batch_id=drafted.id, now=now)
    return benefits.activate_batch(merchant_id=merchant_id, batch_id=drafted.id, now=now)
