"""The member side of the pages' merchant: connections, and what went over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from santong.benefits import public as benefits
from santong.customers import public as customers
from santong.gateway import public as gateway
from santong.kernel import tenancy
from santong.kernel.actors import Actor
from santong.membership import public as membership
from santong.merchants import public as merchants
from santong.stores import public as stores
from tests.pages.between_brands import make_between_brands

SECOND = Actor(kind="staff", id="999999", name="第二人")
MEMBER_PHONE = "15410009999"
MEMBER_NAME = "钱多多"


TERMS = membership.Terms(
    tiers=(
        membership.Tier(code="base", name="普通会员", threshold=0),
        membership.Tier(code="silver", name="银卡会员", threshold=1_000, points_percent=120),
        membership.Tier(code="gold", name="金卡会员", threshold=5_000, points_percent=150),
    ),
    rules=(
        membership.AccrualRule(code="base", name="消费积分", points=1, per_minor=100),
        membership.AccrualRule(
            code="growth", name="消费成长值", asset="experience", points=1, per_minor=100
        ),
        membership.AccrualRule(
            code="birthday",
            name="生日双倍",
            effect="multiplier",
            percent=200,
            conditions=membership.Conditions(birthday="day"),
        ),
    ),
)
FAILED_OF_33 = frozenset({3, 11, 19, 30})


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberSide:
    """What tests know of it."""

    connection_id: int
    member_id: int
    binding_id: int
    merge_id: int
    accrual_id: int
    batch_id: int
    supply_id: int
    pool_id: int
    month: str
    request_id: int
    programme_id: int


def make_member_side(
    *, merchant_id: int, places: Sequence[stores.Location], now: datetime
) -> MemberSide:
    """Two programmes with members, one of whom has everything; a connection that fails."""
    connection = _connections(merchant_id, now)
    _programmes(merchant_id, now)
    make_between_brands(merchant_id=merchant_id, now=now)
    _members(merchant_id, places, now)
    member, binding, merge_id = _rich_member(merchant_id, places, now)
    accrual_id = _points(merchant_id, member.id, now)
    request = membership.request_correction(
        merchant_id=merchant_id,
        source="console",
        key="first",
        member_id=member.id,
        programme_code="qinghe",
        points=-120,
        reason="till was wrong",
        now=now,
    )
    return MemberSide(
        connection_id=connection.id,
        member_id=member.id,
        binding_id=binding.id,
        merge_id=merge_id,
        accrual_id=accrual_id,
        batch_id=_benefits(merchant_id, member.id, places[0].id, now),
        supply_id=_supply(merchant_id, now),
        pool_id=membership.pools(merchant_id=merchant_id)[0].id,
        month=f"{now:%Y-%m}",
        request_id=request.id,
        programme_id=membership.programmes(merchant_id=merchant_id)[0].id,
    )


def _programmes(merchant_id: int, now: datetime) -> None:
    membership.open_pool(merchant_id=merchant_id, code="club", name="集团积分", now=now)
    membership.publish_pool_terms(
        merchant_id=merchant_id,
        pool_code="club",
        breakage_minor_per_1000=500,
        reason="opening",
        now=now - timedelta(days=400),
    )
    for brand in merchants.brands(merchant_id=merchant_id):
        membership.open_programme(
            merchant_id=merchant_id,
            code=brand.code,
            name=f"{brand.name}会员",
            brand_id=brand.id,
            pool_code="club",
            now=now - timedelta(days=400),
        )
        membership.publish_terms(
            merchant_id=merchant_id,
            programme_code=brand.code,
            terms=TERMS,
            reason="opening",
            now=now - timedelta(days=400),
        )


def _members(merchant_id: int, places: Sequence[stores.Location], now: datetime) -> None:
    for number, name in enumerate(("赵**", "孙**", "周**", "吴**")):
        _join(
            merchant_id,
            "yuanshan" if number % 2 else "qinghe",
            [customers.Identifier("phone", f"1541000{number:04}")],
            membership.JoinSource(
                kind="till", channel="pos", location_code=places[number % 2].code
            ),
            now - timedelta(days=40 - number),
            customers.Profile(name=f"{name[0]}小明", city="杭州市", province="浙江省"),
        )


def _rich_member(
    merchant_id: int, places: Sequence[stores.Location], now: datetime
) -> tuple[membership.Member, membership.Binding, int]:
    """Who has two cards, an account on a storefront, and turned out to be somebody else, too."""
    phone = customers.Identifier("phone", MEMBER_PHONE, is_verified=True)
    source = membership.JoinSource(
        kind="guide", channel="store", location_code=places[0].code, guide_code="G007"
    )
    joined_at = now - timedelta(days=120)
    profile = customers.Profile(
        name=MEMBER_NAME,
        birthday=date(1992, 5, 17),
        gender="female",
        province="上海市",
        city="上海市",
        district="浦东新区",
        address="测试大道 8 号",
    )
    member = _join(merchant_id, "qinghe", [phone], source, joined_at, profile)
    source = membership.JoinSource(kind="storefront", channel="marketplace")
    _join(merchant_id, "yuanshan", [phone], source, joined_at + timedelta(days=60), profile)
    device = customers.Identifier("email", "qian.duoduo@mail.invalid")
    other = customers.resolve(
        merchant_id=merchant_id, identifiers=[device], profile=profile, source="h5", now=now
    )
    merge = customers.merge(
        merchant_id=merchant_id,
        first_id=member.person_id,
        second_id=other.person_id,
        reason="same person, seen in the store",
        now=now,
    )
    bound = membership.bind(
        merchant_id=merchant_id,
        storefront_code="tmall",
        phone=MEMBER_PHONE,
        identities=[customers.Identifier("storefront", "ouid-0001", "tmall")],
        now=now,
    )
    customers.give_consent(
        merchant_id=merchant_id,
        person_id=member.person_id,
        topic=customers.Topic(purpose="marketing", channel="sms"),
        text_version="2026-10",
        text_hash="ab" * 32,
        place="store",
        given_at=joined_at,
        now=now,
    )
    return bound.member, bound.binding, merge.id


def _points(merchant_id: int, member_id: int, now: datetime) -> int:
    """Four purchases: two can be used, one waits, and part of one came back."""
    ids: list[int] = []
    for number, days in enumerate((110, 60, 20, 1)):
        accrued = membership.accrue(
            merchant_id=merchant_id,
            purchase=membership.Purchase(
                source="till",
                key=f"T-{number}",
                member_id=member_id,
                programme_code="qinghe",
                bought_at=now - timedelta(days=days),
                currency="CNY",
                lines=(
                    membership.PurchaseLine(1, "CH1001-M", "女装", 1, 189_900),
                    membership.PurchaseLine(2, "CH1002-S", "女装", 2, 91_800),
                ),
            ),
            now=now - timedelta(days=days),
        )
        ids.append(accrued.id)
        membership.mature_due(merchant_id=merchant_id, now=now, limit=10)
    membership.claw_back(
        merchant_id=merchant_id,
        source="till",
        key="T-3",
        return_key="R-1",
        quantity_by_line={2: 1},
        now=now,
    )
    return ids[-1]


def _benefits(merchant_id: int, member_id: int, location_id: int, now: datetime) -> int:
    """A running batch of cash coupons, of which the member used one and has another."""
    benefit = benefits.create_benefit(
        merchant_id=merchant_id,
        code="cash-50",
        name="五十元代金券",
        kind="cash",
        terms={"value_minor": 5_000},
        currency="CNY",
        now=now,
    )
    batch = benefits.draft_batch(
        merchant_id=merchant_id,
        benefit_id=benefit.id,
        code="cash-50-11",
        name="双十一代金券",
        limits=benefits.Limits(total=100, per_member=3),
        window=benefits.ClaimWindow(opens_at=now - timedelta(days=1)),
        validity=benefits.Validity(days=30),
        budget_minor=500_000,
        now=now,
    )
    with tenancy.scope(merchant_id=merchant_id, actor=SECOND):
        benefits.approve_batch(merchant_id=merchant_id, batch_id=batch.id, now=now)
    benefits.activate_batch(merchant_id=merchant_id, batch_id=batch.id, now=now)
    for number in range(2):
        coupon = benefits.claim(
            merchant_id=merchant_id,
            batch_id=batch.id,
            member_id=member_id,
            channel="store",
            key=f"claim-{number}",
            now=now,
        )
        if number == 0:
            benefits.redeem(
                merchant_id=merchant_id,
                coupon_id=coupon.id,
                amount_minor=5_000,
                channel="store",
                location_id=location_id,
                key="redeem-0",
                now=now,
            )
    return batch.id


def make_twins(*, merchant_id: int, now: datetime) -> int:
    """Somebody who came twice, with another number; the pair waits for somebody to decide.

    Committed, in scopes of its own: comparing opens its own.
    """
    profile = customers.Profile(
        name="欧阳静好",
        birthday=date(1988, 2, 29),
        gender="female",
        province="浙江省",
        city="杭州市",
        district="西湖区",
        address="测试路 18 号 2 幢 301 室",
    )
    with tenancy.scope(merchant_id=merchant_id):
        for phone in ("15410005551", "15410005552"):
            customers.resolve(
                merchant_id=merchant_id,
                identifiers=[customers.Identifier("phone", phone)],
                profile=profile,
                source="till",
                now=now,
            )
    customers.propose_matches(merchant_id=merchant_id, now=now)
    with tenancy.scope(merchant_id=merchant_id):
        return customers.matches_page(merchant_id=merchant_id, state="open")[0].id


def _join(  # noqa: PLR0917  told apart by their types
    merchant_id: int,
    programme: str,
    identifiers: Sequence[customers.Identifier],
    source: membership.JoinSource,
    now: datetime,
    profile: customers.Profile,
) -> membership.Member:
    return membership.join(
        merchant_id=merchant_id,
        programme_code=programme,
        identifiers=identifiers,
        profile=profile,
        source=source,
        now=now,
    ).member


def _connections(merchant_id: int, now: datetime) -> gateway.Connection:
    market, _ = gateway.create_connection(
        merchant_id=merchant_id,
        wanted=gateway.NewConnection(
            code="tmall-hyt",
            name="天猫会员通",
            kind="marketplace",
            app_key="12129701",
            storefront_code="tmall",
            secret="0f1e2d3c4b5a69788796a5b4c3d2e1f0",
        ),
        now=now,
    )
    gateway.create_connection(
        merchant_id=merchant_id,
        wanted=gateway.NewConnection(
            code="old-crm",
            name="旧 CRM",
            kind="crm",
            app_key="crm-1",
            url="https://crm.invalid/spi",
            secret="f0e1d2c3b4a5968778695a4b3c2d1e0f",
        ),
        now=now,
    )
    for number in range(33):
        has_failed = number in FAILED_OF_33
        gateway.log_call(
            merchant_id=merchant_id,
            call=gateway.CallMade(
                connection_id=market.id,
                direction="in",
                method="qimen.alibaba.crm.member.bindquery",
                milliseconds=900 if has_failed else 12 + number,
                outcome="failed" if has_failed else "ok",
                code="timeout" if has_failed else "SUC",
                request={"mobile": "13900001111", "taobao_nick": "t0123"},
                answer={} if has_failed else {"bind_code": "SUC", "point": "120"},
            ),
            now=now - timedelta(seconds=240 - 5 * number),
        )
    gateway.judge_connection(merchant_id=merchant_id, connection_id=market.id, now=now)
    return market


def _supply(merchant_id: int, now: datetime) -> int:
    """A supplier's codes of which few are left."""
    supplier = benefits.create_supplier(
        merchant_id=merchant_id, code="films", name="视频会员商", now=now
    )
    supply = benefits.create_supply(
        merchant_id=merchant_id,
        code="film-month",
        name="视频月卡",
        kind="codes",
        supplier_id=supplier.id,
        product="film-month",
        cost_minor=1_250,
        contract_until=now + timedelta(days=200),
        alarm_below=100,
        now=now,
    )
    benefits.import_whole_file(
        merchant_id=merchant_id,
        supply_id=supply.id,
        content="\n".join(["code", *[f"FILM-{number}" for number in range(12)]]).encode(),
        file_name="films-of-november-for-the-members-of-the-group.csv",
        key="films",
        now=now,
    )
    return supply.id
