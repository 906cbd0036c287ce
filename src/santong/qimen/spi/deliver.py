"""Sends what waits: claimed in one transaction, sent in none, settled in the next."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django.db import connection as database

from santong.kernel import tenancy
from santong.kernel.outbound import Failed, post
from santong.kernel.signing import timestamp_of
from santong.openplatform import public as openplatform
from santong.qimen import contracts
from santong.qimen.rules.calls import signed_call
from santong.qimen.rules.xml import Unreadable, read_xml
from santong.qimen.selectors.systems import contract_by_id
from santong.qimen.selectors.waiting import contracts_with_work
from santong.qimen.services.claim_messages import Parcel, claim_messages
from santong.qimen.services.log_message import Said, log_message
from santong.qimen.services.settle_message import Heard, settle_message

AT_ONCE: Final = 8
LONGEST_RUN_SECONDS: Final = 20.0
HTTP_OK: Final = 200

Clock = Callable[[], datetime]


def deliver(*, merchant_id: int, clock: Clock, seconds: float = LONGEST_RUN_SECONDS) -> int:
    """Send what is due over every contract of a merchant; how many messages were sent.

    Each is sent at least once and settled once; a line that fails is left alone.
    """
    assert not database.in_atomic_block, "nothing slow happens inside a transaction"
    ends_at = time.monotonic() + seconds
    made = 0
    while time.monotonic() < ends_at:
        now = clock()
        with tenancy.scope(merchant_id=merchant_id):
            contract_ids = contracts_with_work(merchant_id=merchant_id, now=now)
        found = sum(_deliver_over(merchant_id, contract_id, clock) for contract_id in contract_ids)
        if not found:
            break
        made += found
    return made


def _deliver_over(merchant_id: int, contract_id: int, clock: Clock) -> int:
    now = clock()
    with tenancy.scope(merchant_id=merchant_id):
        contract = contract_by_id(merchant_id=merchant_id, contract_id=contract_id)
    app = openplatform.app_by_key(app_key=contract.app_key, now=now)
    with tenancy.scope(merchant_id=merchant_id):
        parcels = claim_messages(
            merchant_id=merchant_id, contract_id=contract_id, most=AT_ONCE, now=now
        )
    if not parcels:
        return 0
    secret = app.secrets[0] if app is not None and app.may_call and app.secrets else ""
    heard = _send(contract, secret, parcels, now)
    now = clock()
    with tenancy.scope(merchant_id=merchant_id):
        for parcel, said in zip(parcels, heard, strict=True):
            settle_message(
                merchant_id=merchant_id,
                contract_id=contract_id,
                parcel=parcel,
                heard=said,
                jitter_thousandths=secrets.randbelow(1_000),
                now=now,
            )
            log_message(merchant_id=merchant_id, said=_said(contract, parcel, said), now=now)
    return len(parcels)


def _send(
    contract: contracts.Contract, secret: str, parcels: Sequence[Parcel], now: datetime
) -> list[Heard]:
    """At the same time: they are of different lanes."""

    def one(parcel: Parcel) -> Heard:
        return _call(contract, secret, parcel, now)

    if not secret:
        return [Heard(is_heard=False, code="no_application") for _ in parcels]
    if len(parcels) == 1:
        return [one(parcels[0])]
    with ThreadPoolExecutor(max_workers=len(parcels)) as pool:
        return list(pool.map(one, parcels))


def _call(contract: contracts.Contract, secret: str, parcel: Parcel, now: datetime) -> Heard:
    started = time.perf_counter()
    params = signed_call(
        method=parcel.method,
        app_key=contract.app_key,
        customer_id=contract.customer_id,
        secret=secret,
        sign_method=contract.quirks.sign_method,
        version_number=contract.quirks.version_number,
        signs_empty=contract.quirks.signs_empty,
        timestamp=timestamp_of(now=now),
        body=parcel.body,
    )
    joint = "&" if "?" in contract.url else "?"
    try:
        answer = post(
            url=contract.url + joint + urlencode(params),
            headers={
                "Content-Type": "text/xml;charset=utf-8",
                "Accept": "text/xml",
                "User-Agent": "santong",
            },
            body=parcel.body,
            within_seconds=contract.quirks.answers_within_ms / 1_000,
        )
    except Failed as failure:
        return Heard(is_heard=False, code=failure.code, milliseconds=_since(started))
    if answer.status != HTTP_OK:
        code = f"http_{answer.status}"
        return Heard(is_heard=False, code=code, milliseconds=_since(started))
    return _heard(answer.body, contract, _since(started))


def _heard(body: bytes, contract: contracts.Contract, milliseconds: int) -> Heard:
    """`flag` decides; where a system leaves it out of what went well, its code does."""
    try:
        answer = read_xml(body=body, root="response")
    except Unreadable as wrong:
        return Heard(
            is_heard=False, code="unreadable", message=wrong.reason, milliseconds=milliseconds
        )
    flag, code = answer.text_of("flag"), answer.text_of("code")
    good = {"0", "200", contract.quirks.success_code}
    is_success = flag == "success" or (not flag and code in good)
    return Heard(
        is_heard=True,
        is_success=is_success,
        code="" if is_success else code or answer.text_of("sub_code"),
        message="" if is_success else answer.text_of("message"),
        answer=answer,
        milliseconds=milliseconds,
    )


def _said(contract: contracts.Contract, parcel: Parcel, heard: Heard) -> Said:
    state: contracts.MessageState = "failed"
    if heard.is_heard:
        state = "done" if heard.is_success else "refused"
    return Said(
        contract_id=contract.id,
        direction="out",
        method=parcel.method,
        state=state,
        element=read_xml(body=parcel.body, root="request"),
        body=b"",
        code=heard.code,
        reason=heard.message,
        milliseconds=heard.milliseconds,
    )


def _since(started: float) -> int:
    return round((time.perf_counter() - started) * 1_000)
