"""Show a member under their account on a storefront."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from santong.customers import public as customers
from santong.kernel import audit, outbox
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement
from santong.membership import contracts
from santong.membership.errors import (
    AlreadyBound,
    IdentityBound,
    MemberEnded,
    NotAMember,
    SeveralMembers,
)
from santong.membership.events import MemberBound
from santong.membership.rules.identities import checked, numbers_of
from santong.membership.selectors.bindings import (
    bindings_of,
    candidates,
    index_of,
    programme_of_storefront,
    shown_by,
)
from santong.membership.selectors.members import member_by_id
from santong.membership.selectors.statements import octets, run, texts
from santong.membership.services.lock import lock_members
from santong.membership.services.recognise import recognise
from santong.membership.services.revive import wake_locked

_OPEN = Statement("""
INSERT INTO membership_binding (merchant_id, member_id, storefront_code, state, bound_at, reason)
VALUES (%(merchant)s, %(member)s, %(storefront)s, 'bound', %(now)s::timestamptz, '')
RETURNING id
""")

_NAME = Statement("""
INSERT INTO membership_boundidentity (merchant_id, binding_id, kind, value_index, is_live)
SELECT %(merchant)s, %(binding)s, n.kind, n.value_index, true
FROM unnest(%(kinds)s::text[], %(indexes)s::bytea[]) AS n(kind, value_index)
ORDER BY n.value_index
ON CONFLICT (merchant_id, value_index) WHERE is_live DO NOTHING
""")


@all_or_nothing
def bind(
    *,
    merchant_id: int,
    storefront_code: str,
    phone: str = "",
    mix_mobile: str = "",
    mix_scope: str = "",
    identities: Sequence[customers.Identifier],
    now: datetime,
) -> contracts.Bound:
    """Bind a shopper's account to the member whom a number finds; bound twice is bound once.

    Raises NoSuch (storefront, programme), NotAMember, SeveralMembers, IdentityBound (to somebody
    else), AlreadyBound (by another account), MemberEnded (a moment ago), FieldInvalid. Emits
    MemberBound, MemberWoken. Locks the person, then the member.
    """
    names = checked(identities, storefront_code=storefront_code)
    programme = programme_of_storefront(merchant_id=merchant_id, storefront_code=storefront_code)
    numbers = numbers_of(phone=phone, mix_mobile=mix_mobile, mix_scope=mix_scope)
    found = candidates(
        merchant_id=merchant_id,
        programme_id=programme.id,
        numbers=numbers,
    )
    if not found:
        raise NotAMember(programme_code=programme.code)
    if len(found) > 1:
        raise SeveralMembers(member_ids=tuple(str(each.member_id) for each in found))
    (one,) = found
    recognise(merchant_id=merchant_id, person_id=one.person_id, names=names, now=now)
    return bind_member(
        merchant_id=merchant_id,
        member_id=one.member_id,
        programme=programme,
        storefront_code=storefront_code,
        identities=names,
        now=now,
    )


def bind_member(
    *,
    merchant_id: int,
    member_id: int,
    programme: contracts.Programme,
    storefront_code: str,
    identities: Sequence[customers.Identifier],
    now: datetime,
) -> contracts.Bound:
    """Bind an account to a member who is known. Locks the member."""
    state = lock_members(merchant_id=merchant_id, member_ids=[member_id])[member_id]
    if state in ("closed", "merged"):
        raise MemberEnded(member_id=str(member_id), state=state)
    shown = shown_by(merchant_id=merchant_id, identities=identities)
    if any(each.member_id != member_id for each in shown):
        raise IdentityBound(storefront_code=storefront_code)
    mine = bindings_of(merchant_id=merchant_id, member_id=member_id)
    here = [b for b in mine if (b.state, b.storefront_code) == ("bound", storefront_code)]
    same = [b for b in here if b.id in {each.binding_id for each in shown}]
    if here and not same:
        raise AlreadyBound(storefront_code=storefront_code)
    binding_id = same[0].id if same else _open(merchant_id, member_id, storefront_code, now)
    _name(merchant_id, bound=(member_id, binding_id), code=storefront_code, names=identities)
    wake_locked(
        merchant_id=merchant_id, member_id=member_id, programme_id=programme.id, at=now, now=now
    )
    if not same:
        _tell(member_id, binding_id, programme, storefront_code, now)
    every = bindings_of(merchant_id=merchant_id, member_id=member_id)
    return contracts.Bound(
        member=member_by_id(merchant_id=merchant_id, member_id=member_id),
        binding=next(b for b in every if b.id == binding_id),
        is_new=not same,
    )


def _open(merchant_id: int, member_id: int, storefront_code: str, now: datetime) -> int:
    ((binding_id,),) = run(
        _OPEN,
        {
            "merchant": merchant_id,
            "member": member_id,
            "storefront": storefront_code,
            "now": now,
        },
    )
    return int(binding_id)


def _name(
    merchant_id: int,
    *,
    bound: tuple[int, int],
    code: str,
    names: Sequence[customers.Identifier],
) -> None:
    """Write the names that are new; one that somebody else got in this moment refuses it all."""
    member_id, binding_id = bound
    indexes = [index_of(merchant_id=merchant_id, identity=each) for each in names]
    _NAME.later(
        {
            "merchant": str(merchant_id),
            "binding": str(binding_id),
            "kinds": texts(each.kind for each in names),
            "indexes": texts(map(octets, indexes)),
        }
    )
    shown = shown_by(merchant_id=merchant_id, identities=names)
    if any(each.member_id != member_id for each in shown):
        raise IdentityBound(storefront_code=code)


def _tell(
    member_id: int,
    binding_id: int,
    programme: contracts.Programme,
    storefront_code: str,
    now: datetime,
) -> None:
    audit.record(
        audit.Change(
            action="membership.bind",
            subject="member",
            subject_id=member_id,
            reason="bound",
            after={"binding_id": binding_id, "storefront": storefront_code},
        ),
        now=now,
    )
    outbox.publish(
        MemberBound(
            member_id=member_id,
            binding_id=binding_id,
            storefront_code=storefront_code,
            programme_id=programme.id,
        ),
        now=now,
    )
