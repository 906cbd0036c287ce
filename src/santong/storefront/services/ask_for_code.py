"""Make a one-time code for a phone."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from datetime import datetime

from santong.kernel import crypto
from santong.kernel.tenancy import all_or_nothing
from santong.storefront.contracts import Issued, Purpose, Wanted
from santong.storefront.models import OneTimeCode
from santong.storefront.rules.codes import DIGITS, LIVES_FOR, spelled
from santong.storefront.rules.sessions import hash_of
from santong.storefront.selectors.codes import code_hash, phone_index, phone_place

_NOTHING_WANTED = Wanted()


@all_or_nothing
def ask_for_code(
    *,
    merchant_id: int,
    phone: str,
    purpose: Purpose,
    wanted: Wanted = _NOTHING_WANTED,
    now: datetime,
) -> Issued:
    """Make a code for a phone (E.164), in place of the one that it may have; the caller sends it.

    Nothing is asked about the phone: a member's and a stranger's get the same. Locks the code.
    """
    issued = Issued(ticket=secrets.token_urlsafe(32), code=spelled(secrets.randbelow(10**DIGITS)))
    ticket_hash = hash_of(issued.ticket)
    fresh = OneTimeCode(
        merchant_id=merchant_id,
        purpose=purpose,
        phone_index=phone_index(merchant_id=merchant_id, phone=phone),
        phone_sealed=crypto.encrypt(
            merchant_id=merchant_id, plain=phone.encode(), place=phone_place(ticket_hash)
        ),
        ticket_hash=ticket_hash,
        code_hash=code_hash(merchant_id=merchant_id, ticket_hash=ticket_hash, code=issued.code),
        state="sent",
        tries=0,
        wanted=asdict(wanted),
        sent_at=now,
        expires_at=now + LIVES_FOR,
    )
    key = ["merchant_id", "phone_index", "purpose"]
    changed = [
        *("phone_sealed", "ticket_hash", "code_hash", "state", "tries", "wanted"),
        *("sent_at", "expires_at"),
    ]
    OneTimeCode.objects.bulk_create(
        [fresh], update_conflicts=True, unique_fields=key, update_fields=changed
    )
    return issued
