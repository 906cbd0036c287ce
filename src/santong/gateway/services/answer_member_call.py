"""As the brand's CRM: what a marketplace asks of a shopper, asked of our own members."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from santong.customers import public as customers
from santong.gateway.contracts import Outcome
from santong.gateway.rules.member_calls import DONE, MemberCall, MemberShown, answer_of
from santong.gateway.selectors.lines import Line
from santong.gateway.selectors.standing import standings
from santong.gateway.services.know_identity import know_identity
from santong.gateway.services.tell_crm import tell_behind
from santong.kernel.tenancy import all_or_nothing
from santong.membership import public as membership

# Somebody can be bound · is bound already · several · nobody.
_BIND_QUERY_CODE: Final[Mapping[membership.BindKind, str]] = {
    "bindable": "",
    "already_bound": "E02",
    "several": "E03",
    "none": "E04",
}
_MEMBER_QUERY_CODE: Final[Mapping[membership.BindKind, str]] = {
    "bindable": "E02",
    "already_bound": DONE,
    "several": "E03",
    "none": "E01",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What is answered, how the log counts it, and whether we know nobody of whom is spoken."""

    document: dict[str, object]
    outcome: Outcome
    code: str
    is_unknown: bool = False


class NotPermitted(Exception):
    """The connection's settings do not let this be asked or done."""


@all_or_nothing
def answer_member_call(
    *, merchant_id: int, line: Line, call: MemberCall, now: datetime
) -> Answered:
    """Answer a question, or carry out a command, about one shopper.

    Raises NotPermitted, and what membership refuses. Emits what membership tells. Locks what
    membership locks, then the member's place in the queue of what is synced.
    """
    if call.contract == "bind_query" and not line.is_bind_query_allowed:
        raise NotPermitted
    if call.contract in {"bind_query", "member_query"}:
        return _query(merchant_id, line, call, now)
    if call.contract == "register":
        return _register(merchant_id, line, call, now)
    carry_out = _unbind if call.is_unbinding else _bind
    return carry_out(merchant_id, line, call, now)


def identities_of(*, line: Line, call: MemberCall) -> list[customers.Identifier]:
    """The names under which the marketplace knows the shopper, each with whose name it is."""
    scopes: Mapping[str, tuple[customers.Kind, str]] = {
        "ouid": ("storefront", line.storefront_code),
        "open_id": ("storefront", f"app:{line.app_key}"),
        "union": ("union", line.app_key),
        "omid": ("union", f"omid:{line.app_key}"),
        "mix_nick": ("mix_nick", line.storefront_code),
    }
    return [
        customers.Identifier(scopes[kind][0], value, scopes[kind][1])
        for kind, value in call.identities
    ]


def whom(*, merchant_id: int, line: Line, call: MemberCall, now: datetime) -> membership.BindAnswer:
    """Whom a telephone number finds, or an account where none was sent."""
    if call.mobile or call.mix_mobile:
        return _asked(merchant_id, line, call, now)
    return _by_account(merchant_id, line, call)


def _query(merchant_id: int, line: Line, call: MemberCall, now: datetime) -> Answered:
    found = whom(merchant_id=merchant_id, line=line, call=call, now=now)
    codes = _BIND_QUERY_CODE if call.contract == "bind_query" else _MEMBER_QUERY_CODE
    code = codes[found.kind]
    shown = _shown(found) if code in {"", DONE} else None
    return Answered(
        document=answer_of(contract=call.contract, code=code, member=shown),
        outcome="ok" if shown else "no",
        code=code,
        is_unknown=found.kind == "none",
    )


def _bind(merchant_id: int, line: Line, call: MemberCall, now: datetime) -> Answered:
    bound = membership.bind(
        merchant_id=merchant_id,
        storefront_code=line.storefront_code,
        phone=call.mobile,
        mix_mobile=_mix(call),
        mix_scope=_mix_scope(line, call),
        identities=identities_of(line=line, call=call),
        now=now,
    )
    return _done(merchant_id, line, call, bound.member.id, now)


def _register(merchant_id: int, line: Line, call: MemberCall, now: datetime) -> Answered:
    if not line.is_plain_registration_allowed:
        call = replace(call, mobile="")
    if not line.is_registration_open or not (call.mobile or call.mix_mobile):
        raise NotPermitted
    registered = membership.register(
        merchant_id=merchant_id,
        storefront_code=line.storefront_code,
        phone=call.mobile,
        mix_mobile=_mix(call),
        mix_scope=_mix_scope(line, call),
        identities=identities_of(line=line, call=call),
        now=now,
    )
    member_id = registered.joined.member.id
    if registered.joined.is_new_card:
        tell_behind(
            merchant_id=merchant_id,
            line=line,
            member_id=member_id,
            card=registered.joined.card,
            call=call,
            now=now,
        )
    return _done(merchant_id, line, call, member_id, now)


def _unbind(merchant_id: int, line: Line, call: MemberCall, now: datetime) -> Answered:
    """Whoever is not bound needs no unbinding: that, too, is done."""
    is_done = membership.unbind(
        merchant_id=merchant_id,
        storefront_code=line.storefront_code,
        identities=identities_of(line=line, call=call),
        reason="asked by the storefront",
        now=now,
    )
    return Answered(
        document=answer_of(contract=call.contract, code=DONE),
        outcome="ok",
        code=DONE,
        is_unknown=not is_done,
    )


def _done(
    merchant_id: int, line: Line, call: MemberCall, member_id: int, now: datetime
) -> Answered:
    know_identity(merchant_id=merchant_id, line=line, member_id=member_id, call=call, now=now)
    found = _asked(merchant_id, line, call, now)
    return Answered(
        document=answer_of(contract=call.contract, code=DONE, member=_shown(found)),
        outcome="ok",
        code=DONE,
    )


def _asked(merchant_id: int, line: Line, call: MemberCall, now: datetime) -> membership.BindAnswer:
    return membership.bind_query(
        merchant_id=merchant_id,
        storefront_code=line.storefront_code,
        phone=call.mobile,
        mix_mobile=_mix(call),
        mix_scope=_mix_scope(line, call),
        identities=identities_of(line=line, call=call),
        now=now,
    )


def _by_account(merchant_id: int, line: Line, call: MemberCall) -> membership.BindAnswer:
    """Whom the shopper's account shows, where no telephone number was sent.

    Only members of the storefront's own programme count: of those of other brands it learns
    nothing, not even that there are several.
    """
    people = customers.find(
        merchant_id=merchant_id, identifiers=identities_of(line=line, call=call)
    )
    person_ids = sorted({person_id for found in people.values() for person_id in found})
    programme = membership.programme_of_storefront(
        merchant_id=merchant_id, storefront_code=line.storefront_code
    )
    known = membership.members_of_persons(merchant_id=merchant_id, person_ids=person_ids)
    members = [each for each in known.values() if each.card_of(programme.code) is not None]
    if len(members) != 1:
        return membership.BindAnswer(kind="several" if members else "none", member=None)
    (member,) = members
    bindings = membership.bindings_of(merchant_id=merchant_id, member_id=member.id)
    here = (line.storefront_code, "bound")
    is_bound = any((each.storefront_code, each.state) == here for each in bindings)
    standing = standings(
        merchant_id=merchant_id, storefront_code=line.storefront_code, member_ids=[member.id]
    ).get(member.id)
    if standing is None:
        return membership.BindAnswer(kind="none", member=None)
    return membership.BindAnswer(
        kind="already_bound" if is_bound else "bindable",
        member=membership.MemberSummary(
            member_id=member.id,
            member_number=member.number,
            card_number=standing.card_number,
            tier=standing.level,
            points=standing.points,
        ),
    )


def _mix(call: MemberCall) -> str:
    return "" if call.mobile else call.mix_mobile


def _mix_scope(line: Line, call: MemberCall) -> str:
    return line.storefront_code if _mix(call) else ""


def _shown(found: membership.BindAnswer) -> MemberShown | None:
    member = found.member
    if member is None:
        return None
    return MemberShown(point=member.points, level=member.tier, card_number=member.card_number)
