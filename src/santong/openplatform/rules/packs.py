"""Function packs (能力包): what an app may do, as one list of data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from santong.openplatform.contracts import PERSONAL_DATA, Pack, PersonalData

REVEAL: Final = "personal_data.reveal"

_PACKS: Final = (
    Pack(code="base", name="基础", name_en="Base", permissions=frozenset({"merchants.view"})),
    Pack(
        code="goods",
        name="商品通",
        name_en="Goods",
        permissions=frozenset(
            {"catalog.view", "catalog.edit", "stores.view", "stock.view", "stock.adjust"}
        ),
    ),
    Pack(
        code="orders",
        name="订单",
        name_en="Orders",
        permissions=frozenset(
            {
                "catalog.view",
                "fulfilment.view",
                "orders.cancel",
                "orders.pay",
                "orders.place",
                "orders.view",
                "payments.view",
                "routing.view",
                "stores.view",
            }
        ),
        tells_of_persons=True,
    ),
    Pack(
        code="stores",
        name="门店",
        name_en="Stores",
        permissions=frozenset(
            {
                "fulfilment.dispatch",
                "fulfilment.view",
                "fulfilment.work",
                "orders.view",
                "stock.adjust",
                "stock.view",
                "stores.edit",
                "stores.view",
            }
        ),
        tells_of_persons=True,
    ),
    Pack(
        code="members",
        name="会员通",
        name_en="Members",
        permissions=frozenset(
            {
                "benefits.issue",
                "benefits.redeem",
                "benefits.view",
                "customers.edit",
                "customers.view",
                "members.edit",
                "members.recruit",
                "members.view",
                "points.burn",
                "points.earn",
                "points.view",
                "programmes.view",
            }
        ),
        tells_of_persons=True,
        needs_conformance=True,
    ),
    Pack(
        code="services",
        name="服务通",
        name_en="Services",
        permissions=frozenset(
            {
                "agreements.offer",
                "agreements.view",
                "cases.handle",
                "cases.open",
                "cases.view",
                "clocks.view",
                "evidence.view",
                "stagedsales.sell",
                "stagedsales.view",
                "stores.view",
                "visits.edit",
                "visits.view",
            }
        ),
        tells_of_persons=True,
    ),
    Pack(
        code="messages",
        name="消息",
        name_en="Messages",
        permissions=frozenset({"messages.edit", "messages.view"}),
    ),
    Pack(
        code="qimen",
        name="奇门",
        name_en="Qimen",
        permissions=frozenset(
            {
                "catalog.edit",
                "catalog.view",
                "fulfilment.view",
                "fulfilment.work",
                "orders.cancel",
                "orders.place",
                "orders.view",
                "qimen.view",
                "stock.adjust",
                "stock.view",
                "stores.view",
            }
        ),
        tells_of_persons=True,
        needs_conformance=True,
    ),
)
PACKS: Final[Mapping[str, Pack]] = {pack.code: pack for pack in _PACKS}


# Scopes that ask who somebody is, and let an app do nothing.
WHO: Final = frozenset({"openid", "profile"})


def packs_of_session(
    *, app_packs: frozenset[str], given_packs: Iterable[str], scopes: frozenset[str]
) -> frozenset[str]:
    """What a session may use of what the app was given: what it asked for, or all of it."""
    given = app_packs & frozenset(given_packs)
    return given & scopes if scopes else given


def permissions_of(*, packs: Iterable[str], personal_data: PersonalData) -> frozenset[str]:
    """What packs allow together; whoever sees people plainly may also have them revealed."""
    allowed = frozenset[str]().union(*(PACKS[code].permissions for code in packs if code in PACKS))
    return allowed | {REVEAL} if allowed and personal_data == "plain" else allowed


def lesser(one: PersonalData, other: PersonalData) -> PersonalData:
    """Of two ways to give what tells who a person is, the one that tells less."""
    return PERSONAL_DATA[min(PERSONAL_DATA.index(one), PERSONAL_DATA.index(other))]


def told_of_persons(*, packs: Iterable[str]) -> bool:
    """Whether any of these packs tells who a person is."""
    return any(PACKS[code].tells_of_persons for code in packs if code in PACKS)
