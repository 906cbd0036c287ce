"""A store takes a code: one guarded statement, whoever comes first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Final

from santong.benefits import public as benefits
from santong.kernel import attempts, outbox, tenancy
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.kernel.wire import Statement, octets
from santong.stagedsales.contracts import LONGEST_DEVICE, LONGEST_KEY, Redemption
from santong.stagedsales.errors import (
    AlreadyRedeemed,
    CodeMisread,
    CodeOver,
    CodeRefused,
    NonceTaken,
    SalePassed,
    TooManyCodeTries,
)
from santong.stagedsales.events import CodeRedeemed
from santong.stagedsales.models import RedemptionCode
from santong.stagedsales.rules import offline
from santong.stagedsales.rules.codes import cleaned, fault_of
from santong.stagedsales.rules.terms import check_text
from santong.stagedsales.selectors.sealing import code_index, code_key
from santong.stagedsales.services.change_state import change_state
from santong.stagedsales.services.lock import Held, lock_sale
from santong.stagedsales.services.signature import signature

MOST_TRIES: Final = 10
WITHIN: Final = timedelta(minutes=10)
MOST_A_DAY: Final = 40
A_DAY: Final = timedelta(days=1)

_REDEEM: Final = Statement("""
UPDATE stagedsales_redemptioncode
SET state = 'redeemed', redeemed_at = %(at)s::timestamptz, told_at = %(now)s::timestamptz,
  redeemed_by = %(clerk)s::text, location_id = %(location)s::bigint, device = %(device)s::text,
  nonce = %(nonce)s::text, was_offline = %(offline)s::boolean
WHERE merchant_id = %(merchant)s::bigint AND number_index = %(index)s::bytea
  AND state = 'issued' AND expires_at > %(at)s::timestamptz
RETURNING sale_id
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """Who takes a code where, on which device, under which nonce; when it was taken."""

    location_id: int
    device: str
    nonce: str
    at: datetime
    was_offline: bool


@all_or_nothing
def redeem(
    *, merchant_id: int, code: str, location_id: int, device: str, nonce: str, now: datetime
) -> Redemption | CodeRefused | TooManyCodeTries:
    """Redeem a code once; the same nonce of the same device gets the first answer again.

    A code that there is not counts as a try, and that count must stay: it is given back as a
    refusal and not raised, and the caller commits. What was misread counts as nothing.

    Raises CodeMisread, AlreadyRedeemed, CodeOver, NonceTaken, SalePassed, FieldInvalid. Emits
    CodeRedeemed. Locks the actor's counter, then the sale.
    """
    check_device(device, nonce)
    number = read_code(merchant_id=merchant_id, code=code, now=now)
    refused = _try(merchant_id, now)
    if refused is not None:
        return refused
    row = code_row(merchant_id=merchant_id, number=number)
    if row is None:
        return CodeRefused()
    give_tries_back(merchant_id=merchant_id, now=now)
    held = lock_sale(merchant_id=merchant_id, sale_id=row.sale_id)
    taking = Taking(location_id=location_id, device=device, nonce=nonce, at=now, was_offline=False)
    return take_code(held, number=number, taking=taking, now=now)


def take_code(held: Held, *, number: str, taking: Taking, now: datetime) -> Redemption:
    """Redeem the code of a locked sale.

    Raises AlreadyRedeemed, CodeOver, NonceTaken, SalePassed. Emits CodeRedeemed.
    """
    _check_nonce(held, taking)
    code = held.code()
    assert code is not None, "its number led here"
    if code.state == "issued" and held.sale.state != "code_issued":
        raise SalePassed(state=held.sale.state)
    taken = _REDEEM.rows(
        {
            "merchant": str(held.merchant_id),
            "index": octets(code_index(merchant_id=held.merchant_id, code=number)),
            "at": taking.at.isoformat(),
            "now": now.isoformat(),
            "clerk": signature(),
            "location": str(taking.location_id),
            "device": taking.device,
            "nonce": taking.nonce,
            "offline": str(taking.was_offline),
        }
    )
    code.refresh_from_db()
    if not taken:
        return _before(code, taking)
    held.sale.location_id = taking.location_id
    held.sale.save(update_fields=["location_id"])
    change_state(held.sale, to="redeemed", reason="the store has taken the code", now=now)
    outbox.publish(
        CodeRedeemed(
            sale_id=held.sale.id,
            location_id=taking.location_id,
            redeemed_at=taking.at,
            was_offline=taking.was_offline,
        ),
        now=now,
    )
    return _answer(code, is_repeat=False)


def check_device(device: str, nonce: str) -> None:
    """A device and a nonce are ones by which a redemption is found again. Raises FieldInvalid."""
    check_text(device, pointer="/device", most=LONGEST_DEVICE, least=1)
    check_text(nonce, pointer="/nonce", most=LONGEST_KEY, least=1)


def read_code(*, merchant_id: int, code: str, now: datetime) -> str:
    """The twelve digits of what was typed or scanned. Raises CodeMisread."""
    if offline.is_signed_form(code):
        read = offline.verified(
            code, merchant_id=merchant_id, public_by_version=_keys(merchant_id), at=now
        )
        if not isinstance(read, offline.SignedCode):
            raise CodeMisread
        return read.code
    number = cleaned(code)
    if fault_of(number, key=code_key(merchant_id=merchant_id)) in {"length", "typo"}:
        raise CodeMisread
    return number


def code_row(*, merchant_id: int, number: str) -> RedemptionCode | None:
    """The code of a number, if there is one; a made-up one is not looked for."""
    if fault_of(number, key=code_key(merchant_id=merchant_id)):
        return None
    index = code_index(merchant_id=merchant_id, code=number)
    return RedemptionCode.objects.of_merchant(merchant_id).filter(number_index=index).first()


def _keys(merchant_id: int) -> dict[int, bytes]:
    return {key.version: key.public for key in benefits.public_keys(merchant_id=merchant_id)}


def _subjects(merchant_id: int) -> list[tuple[str, int, timedelta]]:
    actor = tenancy.current().actor
    name = f"stagedsales.code:{merchant_id}:{actor.kind}:{actor.id}"
    return [(f"{name}:m", MOST_TRIES, WITHIN), (f"{name}:d", MOST_A_DAY, A_DAY)]


def _try(merchant_id: int, now: datetime) -> TooManyCodeTries | None:
    for subject, most, within in _subjects(merchant_id):
        wait = attempts.take_here(subject=subject, most=most, within=within, now=now)
        if wait is not None:
            return TooManyCodeTries(retry_after_seconds=ceil(wait.total_seconds()))
    return None


def may_try(*, merchant_id: int, now: datetime) -> bool:
    """Count a try of whoever asks; whether it may be made."""
    return _try(merchant_id, now) is None


def give_tries_back(*, merchant_id: int, now: datetime) -> None:
    """The try was a good one."""
    for subject, _, _ in _subjects(merchant_id):
        attempts.give_back(subject=subject, taken_at=now)


def _check_nonce(held: Held, taking: Taking) -> None:
    rows = RedemptionCode.objects.of_merchant(held.merchant_id)
    other = rows.filter(device=taking.device, nonce=taking.nonce).first()
    if other is not None and other.sale_id != held.sale.id:
        raise NonceTaken(nonce=taking.nonce)


def _before(code: RedemptionCode, taking: Taking) -> Redemption:
    """Somebody took it before, or nobody can any more."""
    if code.state != "redeemed":
        raise CodeOver(state="expired" if code.state == "issued" else code.state)
    if (code.device, code.nonce) == (taking.device, taking.nonce):
        return _answer(code, is_repeat=True)
    assert code.redeemed_at is not None, "a redeemed code says when"
    raise AlreadyRedeemed(
        redeemed_at=code.redeemed_at,
        location_id=str(code.location_id) if code.location_id else None,
    )


def _answer(code: RedemptionCode, *, is_repeat: bool) -> Redemption:
    if code.redeemed_at is None:
        raise NoSuch(kind="redemption", key=str(code.sale_id))
    return Redemption(
        sale_id=code.sale_id,
        redeemed_at=code.redeemed_at,
        location_id=code.location_id,
        device=code.device,
        redeemed_by=code.redeemed_by,
        is_provisional=code.was_offline,
        is_repeat=is_repeat,
    )
