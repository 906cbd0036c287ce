"""Accounts on storefronts, and whom they show."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from santong.customers import public as customers
from santong.kernel import crypto
from santong.kernel.errors import NoSuch
from santong.kernel.wire import Statement
from santong.membership import contracts
from santong.membership.models import Binding
from santong.membership.rules.identities import numbers_of, of_storefront, written
from santong.membership.selectors.programmes import programme_of_brand, programmes
from santong.membership.selectors.statements import array, octets, run, texts
from santong.merchants import public as merchants
from santong.payments import public as payments

PURPOSE = "membership.identity"

# Whom persons are, with the card of one programme, and whether one account or another shows them.
_CANDIDATES = Statement("""
SELECT m.id, m.person_id, m.number, c.number, c.tier,
  EXISTS (SELECT FROM membership_binding b
    WHERE b.merchant_id = m.merchant_id AND b.member_id = m.id AND b.state = 'bound'
      AND b.storefront_code = %(storefront)s),
  EXISTS (SELECT FROM membership_boundidentity i
    JOIN membership_binding b ON b.id = i.binding_id
    WHERE i.merchant_id = m.merchant_id AND i.is_live
      AND i.value_index = ANY (%(indexes)s::bytea[]) AND b.member_id <> m.id)
FROM membership_member m
JOIN membership_card c ON c.merchant_id = m.merchant_id AND c.member_id = m.id
     AND c.programme_id = %(programme)s AND c.state IN ('active', 'dormant')
WHERE m.merchant_id = %(merchant)s AND m.person_id = ANY (%(persons)s::bigint[])
  AND m.state IN ('active', 'dormant')
ORDER BY m.id
""")

_SHOWN = Statement("""
SELECT DISTINCT b.member_id, b.id, b.storefront_code
FROM membership_boundidentity i JOIN membership_binding b ON b.id = i.binding_id
WHERE i.merchant_id = %(merchant)s AND i.is_live AND i.value_index = ANY (%(indexes)s::bytea[])
ORDER BY b.id
""")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A member whom a number finds, as a storefront's programme knows them."""

    member_id: int
    person_id: int
    member_number: str
    card_number: str
    tier: str
    is_bound_here: bool
    is_other_bound: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """Whom a live account shows."""

    member_id: int
    binding_id: int
    storefront_code: str


def bind_query(
    *,
    merchant_id: int,
    storefront_code: str,
    phone: str = "",
    mix_mobile: str = "",
    mix_scope: str = "",
    identities: Sequence[customers.Identifier] = (),
    now: datetime,
) -> contracts.BindAnswer:
    """Whether the account of a shopper can be bound to the member whom a number finds.

    Raises NoSuch (storefront, programme), FieldInvalid.
    """
    programme = programme_of_storefront(merchant_id=merchant_id, storefront_code=storefront_code)
    found = candidates(
        merchant_id=merchant_id,
        storefront_code=storefront_code,
        programme_id=programme.id,
        numbers=numbers_of(phone=phone, mix_mobile=mix_mobile, mix_scope=mix_scope),
        identities=of_storefront(identities, storefront_code=storefront_code),
    )
    if not found:
        return contracts.BindAnswer(kind="none", member=None)
    if len(found) > 1:
        return contracts.BindAnswer(kind="several", member=None)
    (one,) = found
    is_bound = one.is_bound_here or one.is_other_bound
    return contracts.BindAnswer(
        kind="already_bound" if is_bound else "bindable",
        member=contracts.MemberSummary(
            member_id=one.member_id,
            member_number=one.member_number,
            card_number=one.card_number,
            tier=one.tier,
            points=_points(merchant_id, programme, one.member_id, now),
        ),
    )


def candidates(
    *,
    merchant_id: int,
    storefront_code: str,
    programme_id: int,
    numbers: Collection[customers.Identifier],
    identities: Collection[customers.Identifier],
) -> list[Candidate]:
    """Members of a programme whom a number finds: index reads of persons, then of members."""
    people = customers.find(merchant_id=merchant_id, identifiers=numbers)
    person_ids = sorted({person_id for found in people.values() for person_id in found})
    if not person_ids:
        return []
    rows = run(
        _CANDIDATES,
        {
            "merchant": merchant_id,
            "programme": programme_id,
            "storefront": storefront_code,
            "persons": array(person_ids),
            "indexes": texts(
                octets(index_of(merchant_id=merchant_id, identity=each)) for each in identities
            ),
        },
    )
    return [Candidate(*row) for row in rows]


def shown_by(*, merchant_id: int, identities: Collection[customers.Identifier]) -> list[Shown]:
    """Whom the names of an account show at this moment."""
    indexes = [index_of(merchant_id=merchant_id, identity=each) for each in identities]
    rows = run(_SHOWN, {"merchant": merchant_id, "indexes": texts(map(octets, indexes))})
    return [Shown(*row) for row in rows]


def bindings_of(*, merchant_id: int, member_id: int) -> list[contracts.Binding]:
    """Every account that shows a member or did, oldest first."""
    rows = Binding.objects.of_merchant(merchant_id).filter(member=member_id).order_by("id")
    return [row.as_contract() for row in rows]


def programme_of_storefront(*, merchant_id: int, storefront_code: str) -> contracts.Programme:
    """The programme that a storefront shows: that of its brand, or the only one there is.

    Raises NoSuch (storefront, programme).
    """
    storefront = merchants.storefront_by_code(merchant_id=merchant_id, code=storefront_code)
    if storefront.brand_id is not None:
        found = programme_of_brand(merchant_id=merchant_id, brand_id=storefront.brand_id)
        if found is not None:
            return found
    else:
        every = programmes(merchant_id=merchant_id)
        if len(every) == 1:
            return every[0]
    raise NoSuch(kind="programme", key=storefront_code[:40])


def index_of(*, merchant_id: int, identity: customers.Identifier) -> bytes:
    """The keyed hash by which a name of an account is found."""
    return crypto.blind_index(merchant_id=merchant_id, value=written(identity), purpose=PURPOSE)


def _points(merchant_id: int, programme: contracts.Programme, member_id: int, now: datetime) -> int:
    account = payments.AccountKey(programme.points_asset, "available", f"member:{member_id}")
    found = payments.balances(merchant_id=merchant_id, accounts=[account], now=now)
    return found[account].available
