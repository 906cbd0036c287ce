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

# Whom persons are, as far as they have a card of one programme.
_CANDIDATES = Statement("""
SELECT m.id, m.person_id
FROM membership_member m
JOIN membership_card c ON c.merchant_id = m.merchant_id AND c.member_id = m.id
     AND c.programme_id = %(programme)s AND c.state IN ('active', 'dormant')
WHERE m.merchant_id = %(merchant)s AND m.person_id = ANY (%(persons)s::bigint[])
  AND m.state IN ('active', 'dormant')
ORDER BY m.id
""")

# All that a storefront asks of a shopper, in one trip: persons by their number, members, points.
_ASKED = Statement(f"""
WITH people AS MATERIALIZED ({customers.PERSONS_NAMED})
SELECT m.id, m.number, c.number, c.tier,
  EXISTS (SELECT FROM membership_binding b
    WHERE b.merchant_id = m.merchant_id AND b.member_id = m.id AND b.state = 'bound'
      AND b.storefront_code = %(storefront)s)
  OR EXISTS (SELECT FROM membership_boundidentity i
    JOIN membership_binding b ON b.id = i.binding_id
    WHERE i.merchant_id = m.merchant_id AND i.is_live
      AND i.value_index = ANY (%(indexes)s::bytea[]) AND b.member_id <> m.id),
  {payments.AVAILABLE_OF.format(owner="'member:' || m.id")}
FROM membership_member m
JOIN membership_card c ON c.merchant_id = m.merchant_id AND c.member_id = m.id
     AND c.programme_id = %(programme)s AND c.state IN ('active', 'dormant')
WHERE m.merchant_id = %(merchant)s
  AND m.person_id = ANY (ARRAY(SELECT person_id FROM people))
  AND m.state IN ('active', 'dormant')
ORDER BY m.id
""")  # noqa: S608  parts that their owners wrote

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
    numbers = numbers_of(phone=phone, mix_mobile=mix_mobile, mix_scope=mix_scope)
    names = of_storefront(identities, storefront_code=storefront_code)
    found = run(
        _ASKED,
        {
            "merchant": merchant_id,
            "programme": programme.id,
            "storefront": storefront_code,
            "persons_named": customers.named(merchant_id=merchant_id, identifiers=numbers),
            "indexes": texts(
                octets(index_of(merchant_id=merchant_id, identity=each)) for each in names
            ),
            "asset": programme.points_asset,
            "now": now,
        },
    )
    if not found:
        return contracts.BindAnswer(kind="none", member=None)
    if len(found) > 1:
        return contracts.BindAnswer(kind="several", member=None)
    ((member_id, number, card_number, tier, is_bound, points),) = found
    return contracts.BindAnswer(
        kind="already_bound" if is_bound else "bindable",
        member=contracts.MemberSummary(
            member_id=member_id,
            member_number=number,
            card_number=card_number,
            tier=tier,
            points=points,
        ),
    )


def candidates(
    *, merchant_id: int, programme_id: int, numbers: Collection[customers.Identifier]
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
            "persons": array(person_ids),
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
