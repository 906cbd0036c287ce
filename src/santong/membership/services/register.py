"""A shopper becomes a member on a storefront."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from santong.customers import public as customers
from santong.kernel.tenancy import all_or_nothing
from santong.membership import contracts
from santong.membership.rules.identities import checked, numbers_of
from santong.membership.selectors.bindings import programme_of_storefront
from santong.membership.services.bind import bind_member
from santong.membership.services.join import join
from santong.membership.services.recognise import recognise
from santong.merchants import public as merchants


@all_or_nothing
def register(
    *,
    merchant_id: int,
    storefront_code: str,
    phone: str = "",
    mix_mobile: str = "",
    mix_scope: str = "",
    identities: Sequence[customers.Identifier],
    profile: customers.Profile | None = None,
    now: datetime,
) -> contracts.Registered:
    """Join on a storefront and bind the account; who is a member already is bound all the same.

    Raises NoSuch (storefront, programme), ProgrammeClosed, IdentityBound, AlreadyBound,
    FieldInvalid, Busy. Emits MemberJoined, MemberBound, MemberWoken, MemberReopened. Locks the
    person, then the member.
    """
    names = checked(identities, storefront_code=storefront_code)
    numbers = numbers_of(phone=phone, mix_mobile=mix_mobile, mix_scope=mix_scope)
    storefront = merchants.storefront_by_code(merchant_id=merchant_id, code=storefront_code)
    programme = programme_of_storefront(merchant_id=merchant_id, storefront_code=storefront_code)
    source = contracts.JoinSource(
        kind="storefront", channel=storefront.channel, storefront_code=storefront_code
    )
    # The person before the member: what customers locks comes first.
    who = customers.resolve(
        merchant_id=merchant_id,
        identifiers=numbers,
        profile=profile,
        source=f"join:{source.kind}",
        now=now,
    )
    recognise(merchant_id=merchant_id, person_id=who.person_id, names=names, now=now)
    joined = join(
        merchant_id=merchant_id,
        programme_code=programme.code,
        identifiers=numbers,
        profile=None,
        source=source,
        now=now,
    )
    bound = bind_member(
        merchant_id=merchant_id,
        member_id=joined.member.id,
        programme=programme,
        storefront_code=storefront_code,
        identities=names,
        now=now,
    )
    return contracts.Registered(joined=joined, binding=bound.binding, is_new_binding=bound.is_new)
