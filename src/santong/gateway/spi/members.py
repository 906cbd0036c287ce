"""One call of a marketplace about a shopper: recognised, answered, logged; never an HTTP fault."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog
from django.db import DatabaseError, OperationalError
from django.http import HttpRequest

from santong.gateway.contracts import CallMade, Outcome
from santong.gateway.rules.member_calls import (
    CONTRACT_BY_METHOD,
    Contract,
    MemberCall,
    Unreadable,
    broken_of,
    read_call,
    refusal_of,
)
from santong.gateway.rules.point_changes import POINT_CHANGE, read_point_change
from santong.gateway.selectors.lines import Line, line_by_code
from santong.gateway.services.answer_member_call import (
    Answered,
    NotPermitted,
    answer_member_call,
)
from santong.gateway.services.hurry import hurry, hurry_question
from santong.gateway.services.log_call import commit_unhurried, log_call
from santong.gateway.services.take_point_change import take_point_change
from santong.gateway.spi.failures import unsaid
from santong.gateway.spi.hub import relay
from santong.gateway.spi.reading import BodyUnreadable, Malformed, Received, read
from santong.gateway.spi.refusals import refuse, why_unsigned, write_counted
from santong.kernel import cells, idempotency, tenancy
from santong.kernel.actors import Actor
from santong.kernel.errors import Busy, DomainError
from santong.kernel.http.middleware import TRIES, WORTH_RETRYING
from santong.membership import public as membership

log = structlog.get_logger("santong.spi")

CODE_REFUSED: Final = "sign-check-failure"
MESSAGE_REFUSED: Final = "Illegal request"
CODE_UNREADABLE: Final = "isv.invalid-parameter"
CODE_BROKEN: Final = "isp.unavailable"
CODE_CLOSED: Final = "isv.permission-denied"
JSON: Final = "application/json"
# What our own part of a relayed answer may still take.
MARGIN_MS: Final = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A call that was recognised, with what it asks."""

    merchant_id: int
    line: Line
    received: Received
    contract: Contract | None
    started: float
    now: datetime
    request_id: str


def answer(
    request: HttpRequest, *, merchant_code: str, connection_code: str, now: datetime
) -> dict[str, object]:
    """The business document for a call. A call that nobody we know has signed learns nothing."""
    started = time.perf_counter()
    request_id: str = getattr(request, "request_id", "")
    try:
        received = read(request)
    except Malformed:
        return _refused(None)
    contract = CONTRACT_BY_METHOD.get(received.method)
    try:
        merchant_id = cells.merchant_by_code(merchant_code).merchant_id
        with tenancy.scope(merchant_id=merchant_id, request_id=request_id):
            line = line_by_code(merchant_id=merchant_id, code=connection_code)
    except cells.UnknownMerchant:
        return _refused(contract)
    except (DatabaseError, cells.MerchantIsMoving) as failure:
        log.exception("spi_failed", exc_info=unsaid(failure), contract=contract)
        return _broken(contract)
    if line is None or line.kind != "marketplace":
        log.info("spi_refused", contract=contract, connection=None)
        return _refused(contract)
    if why := why_unsigned(received=received, line=line, now=now):
        refuse(
            line=line,
            code=why,
            app_key=received.app_key,
            method=received.method if contract else "",
            now=now,
        )
        return _refused(contract)
    write_counted(now=now)
    asked = _Asked(
        merchant_id=merchant_id,
        line=line,
        received=received,
        contract=contract,
        started=started,
        now=now,
        request_id=request_id,
    )
    return _answer_signed(asked)


def _answer_signed(asked: _Asked) -> dict[str, object]:
    contract = asked.contract
    if asked.received.method == POINT_CHANGE and asked.line.is_active:
        return _take_message(asked)
    if contract is None or not asked.line.is_active:
        document = refusal_of(contract=contract, code=CODE_CLOSED, message="no such method here")
        return _logged(asked, document, "refused", CODE_CLOSED)
    try:
        call = read_call(contract=contract, fields=asked.received.fields())
    except (BodyUnreadable, Unreadable) as wrong:
        field = wrong.field if isinstance(wrong, Unreadable) else "body"
        document = refusal_of(contract=contract, code=CODE_UNREADABLE, message=field)
        return _logged(asked, document, "refused", f"{CODE_UNREADABLE} {field}")
    answered = _answered(asked, call)
    if answered.is_unknown and asked.line.behind_id is not None:
        answered = relay(
            line=asked.line,
            call=call,
            fields=asked.received.fields(),
            own=answered,
            within_ms=asked.line.answers_within_ms - _milliseconds(asked) - MARGIN_MS,
            request_id=asked.request_id,
            now=asked.now,
        )
        return _logged(asked, answered.document, answered.outcome, answered.code)
    return answered.document


def _take_message(asked: _Asked) -> dict[str, object]:
    """A message about points is taken, whatever becomes of it: that is called back."""
    try:
        change = read_point_change(fields=asked.received.fields())
    except (BodyUnreadable, Unreadable) as wrong:
        field = wrong.field if isinstance(wrong, Unreadable) else "body"
        document = refusal_of(contract=None, code=CODE_UNREADABLE, message=field)
        return _logged(asked, document, "refused", f"{CODE_UNREADABLE} {field}")
    actor = Actor(kind="system", id=f"connection:{asked.line.id}", name=asked.line.code)
    try:
        with tenancy.scope(merchant_id=asked.merchant_id, actor=actor, request_id=asked.request_id):
            hurry(milliseconds=asked.line.answers_within_ms)
            code = take_point_change(
                merchant_id=asked.merchant_id, line=asked.line, change=change, now=asked.now
            )
            document = {"success": "true"}
            _log(asked, document, "no" if code else "ok", code)
    except Exception as failure:  # the message comes again
        log.exception(
            "spi_failed", exc_info=unsaid(failure), method=POINT_CHANGE, connection=asked.line.id
        )
        document = refusal_of(contract=None, code=CODE_BROKEN, message="again")
        return _logged(asked, document, "failed", CODE_BROKEN)
    return document


def _answered(asked: _Asked, call: MemberCall) -> Answered:
    """Our own answer. What it could not write is logged; who is unknown may be known elsewhere."""
    contract = call.contract
    try:
        return _try_often(asked, call)
    except membership.NotAMember as refused:
        document = refusal_of(contract=contract, code=CODE_UNREADABLE, message=refused.code)
        answered = Answered(document=document, outcome="no", code=refused.code, is_unknown=True)
        if asked.line.behind_id is not None:
            return answered
    except NotPermitted:
        document = refusal_of(contract=contract, code=CODE_CLOSED, message="not permitted")
        answered = Answered(document=document, outcome="no", code=CODE_CLOSED)
    except Busy as refused:
        document = broken_of(contract=contract)
        answered = Answered(document=document, outcome="failed", code=refused.code)
    except DomainError as refused:
        document = refusal_of(contract=contract, code=CODE_UNREADABLE, message=refused.code)
        answered = Answered(document=document, outcome="no", code=refused.code)
    except Exception as failure:  # whatever is broken, the marketplace is told in its own words
        log.exception(
            "spi_failed", exc_info=unsaid(failure), contract=contract, connection=asked.line.id
        )
        answered = Answered(document=broken_of(contract=contract), outcome="failed", code="broken")
    _logged(asked, answered.document, answered.outcome, answered.code)
    return answered


def _try_often(asked: _Asked, call: MemberCall) -> Answered:
    for left in reversed(range(TRIES)):
        try:
            return _in_scope(asked, call)
        except Busy:
            if not left:
                raise
        except OperationalError as failure:
            state = getattr(failure.__cause__, "sqlstate", None)
            if state not in WORTH_RETRYING or not left:
                raise
    raise AssertionError("the last try returns or raises")


def _in_scope(asked: _Asked, call: MemberCall) -> Answered:
    """Answer in one transaction with the log's line; a command sent twice is carried out once."""
    merchant_id, line = asked.merchant_id, asked.line
    actor = Actor(kind="system", id=f"connection:{line.id}", name=line.code)
    with tenancy.scope(merchant_id=merchant_id, actor=actor, request_id=asked.request_id):
        if call.contract in {"bind_query", "member_query"}:
            hurry_question(milliseconds=line.answers_within_ms)
            answered = answer_member_call(
                merchant_id=merchant_id, line=line, call=call, now=asked.now
            )
        else:
            hurry(milliseconds=line.answers_within_ms)
            answered = _once(asked, call)
        if not answered.is_unknown or line.behind_id is None:
            _log(asked, answered.document, answered.outcome, answered.code)
    return answered


def _once(asked: _Asked, call: MemberCall) -> Answered:
    key = f"spi:{asked.line.id}:{asked.received.sign.upper()[:64]}"
    hashed = idempotency.request_hash(key.encode(), asked.received.body)
    first = idempotency.first_answer(merchant_id=asked.merchant_id, key=key, hashed=hashed)
    if first is not None:
        return Answered(document=json.loads(first.body), outcome="ok", code="again")
    answered = answer_member_call(
        merchant_id=asked.merchant_id, line=asked.line, call=call, now=asked.now
    )
    kept = idempotency.Answer(200, json.dumps(answered.document).encode(), JSON)
    idempotency.remember(
        merchant_id=asked.merchant_id, key=key, hashed=hashed, answer=kept, now=asked.now
    )
    return answered


def _logged(
    asked: _Asked, document: dict[str, object], outcome: Outcome, code: str
) -> dict[str, object]:
    """Log a call whose own transaction wrote nothing. What cannot be logged is answered still."""
    try:
        with tenancy.scope(merchant_id=asked.merchant_id, request_id=asked.request_id):
            commit_unhurried()
            _log(asked, document, outcome, code)
    except (DatabaseError, cells.UnknownMerchant, cells.MerchantIsMoving) as failure:
        log.exception("spi_not_logged", exc_info=unsaid(failure), connection=asked.line.id)
    return document


def _log(asked: _Asked, document: Mapping[str, object], outcome: Outcome, code: str) -> None:
    received = asked.received
    is_message = received.method == POINT_CHANGE
    try:
        fields = received.fields()
    except BodyUnreadable:
        fields = {}
    log_call(
        merchant_id=asked.merchant_id,
        call=CallMade(
            connection_id=asked.line.id,
            direction="in",
            # Anybody with the secret may write anything there.
            method=received.method if asked.contract or is_message else "unknown",
            milliseconds=_milliseconds(asked),
            outcome=outcome,
            code=code,
            request=fields,
            answer=document,
        ),
        now=asked.now,
    )


def _milliseconds(asked: _Asked) -> int:
    return round((time.perf_counter() - asked.started) * 1_000)


def _refused(contract: Contract | None) -> dict[str, object]:
    return refusal_of(contract=contract, code=CODE_REFUSED, message=MESSAGE_REFUSED)


def _broken(contract: Contract | None) -> dict[str, object]:
    return broken_of(contract=contract) if contract else _refused(None)
