"""One call of another system: recognised, carried out, logged; always answered in its own words."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog
from django.db import DatabaseError, OperationalError

from santong.kernel import cells, names, tenancy
from santong.kernel.actors import Actor
from santong.kernel.errors import Busy, DomainError
from santong.kernel.http.middleware import TRIES, WORTH_RETRYING
from santong.kernel.signing import is_fresh
from santong.openplatform import public as openplatform
from santong.qimen import contracts
from santong.qimen.rules.answers import Answered, refused, sign_refused, written
from santong.qimen.rules.calls import is_signed
from santong.qimen.rules.methods import METHODS, bare_name
from santong.qimen.rules.names import NAME_KIND, name_of
from santong.qimen.rules.words import words_of
from santong.qimen.rules.xml import Element, Unreadable, read_xml
from santong.qimen.selectors.calls import call_of
from santong.qimen.selectors.systems import contract_of
from santong.qimen.services.carry_out import carry_out
from santong.qimen.services.log_message import Said, log_message
from santong.qimen.spi.parameters import parameters_of

log = structlog.get_logger("santong.qimen")

PACK: Final = "qimen"
UNREADABLE: Final = "isv.invalid-parameter"
BROKEN: Final = "isp.service-unavailable"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A call that was recognised."""

    merchant_id: int
    app: openplatform.App
    customer_id: str
    method: str
    body: bytes
    started: float
    now: datetime
    request_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ended:
    """How a call ended, for its answer and for the log."""

    answered: Answered
    contract: contracts.Contract | None = None
    element: Element | None = None
    state: contracts.MessageState = "refused"
    is_logged: bool = False


class _Refused(Exception):
    """A call that goes no further; `answered` says to its caller why."""

    def __init__(self, answered: Answered) -> None:
        super().__init__(answered.code)
        self.answered = answered


def receive(*, query: str, body: bytes, address: str, request_id: str, now: datetime) -> bytes:
    """The document that answers a call. A call that nobody we know has signed learns nothing."""
    started = time.perf_counter()
    try:
        params = parameters_of(query=query)
        app = _signed_by(params, body, now)
        merchant_id = _merchant_of(app, params, address)
        method = bare_name(method=params.get("method", ""))
        _count(app, method, now)
    except Unreadable:
        return written(answered=sign_refused(), success_code="0")
    except _Refused as no:
        return written(answered=no.answered, success_code="0")
    except (DatabaseError, cells.MerchantIsMoving, cells.UnknownMerchant) as failure:
        log.exception("qimen_failed", exc_info=_unsaid(failure))
        return written(answered=_broken(), success_code="0")
    return _answer(
        _Asked(
            merchant_id=merchant_id,
            app=app,
            customer_id=params["customerId"],
            method=method,
            body=body,
            started=started,
            now=now,
            request_id=request_id,
        )
    )


def _signed_by(params: Mapping[str, str], body: bytes, now: datetime) -> openplatform.App:
    """The application that has signed the call, just now."""
    app_key = params.get("app_key", "")
    app = openplatform.app_by_key(app_key=app_key, now=now) if app_key else None
    if app is None or not is_signed(params=params, body=body, secrets=app.secrets):
        raise _Refused(sign_refused())
    if not is_fresh(timestamp=params.get("timestamp", ""), now=now):
        raise _Refused(refused(code="isv.invalid-timestamp", message="not within ten minutes"))
    return app


def _count(app: openplatform.App, method: str, now: datetime) -> None:
    counted = method if method in METHODS else "unknown"
    if openplatform.take_call(app=app, method=f"qimen.{counted}", now=now):
        raise _Refused(refused(code="isp.call-limited", message="too many calls this minute"))


def _merchant_of(app: openplatform.App, params: Mapping[str, str], address: str) -> int:
    """The merchant for whom the application speaks, if it may."""
    name = name_of(app_key=app.app_key, customer_id=params.get("customerId", ""))
    merchant_id = names.merchant_of(kind=NAME_KIND, name=name)
    if merchant_id is None or not _may(app, address):
        raise _Refused(refused(code="isv.permission-denied", message="no such contract"))
    return merchant_id


def _may(app: openplatform.App, address: str) -> bool:
    is_near = openplatform.is_within(address=address, networks=app.ip_ranges)
    return app.may_call and PACK in app.packs and is_near


def _answer(asked: _Asked) -> bytes:
    ended = _carried_out(asked)
    if not ended.is_logged and ended.contract is not None:
        _log_apart(asked, ended)
    code = ended.contract.quirks.success_code if ended.contract else "0"
    rule = ended.contract.quirks.flag_rule if ended.contract else "always"
    return written(answered=ended.answered, success_code=code, flag_rule=rule)


def _carried_out(asked: _Asked) -> _Ended:
    """Whatever happens, the caller is told in its own words."""
    try:
        with tenancy.scope(merchant_id=asked.merchant_id, request_id=asked.request_id):
            contract = contract_of(
                merchant_id=asked.merchant_id,
                app_key=asked.app.app_key,
                customer_id=asked.customer_id,
            )
    except (DatabaseError, cells.MerchantIsMoving, cells.UnknownMerchant) as failure:
        log.exception("qimen_failed", exc_info=_unsaid(failure))
        return _Ended(answered=_broken())
    if contract is None or contract.state != "active":
        answered = refused(code="isv.permission-denied", message="the contract is paused")
        return _Ended(answered=answered, contract=contract)
    try:
        element = read_xml(body=asked.body, root="request")
    except Unreadable as wrong:
        return _Ended(answered=_unreadable(wrong), contract=contract)
    return _read(asked, contract, element)


def _read(asked: _Asked, contract: contracts.Contract, element: Element) -> _Ended:
    state: contracts.MessageState = "refused"
    try:
        return _try_often(asked, contract, element)
    except Unreadable as wrong:
        answered = _unreadable(wrong)
    except Busy:
        answered, state = _broken(), "failed"
    except DomainError as refusal:
        answered = refused(code=refusal.code, message=words_of(members=refusal.members()))
    except Exception as failure:  # whatever is broken, it is told in the caller's own words
        log.exception(
            "qimen_failed", exc_info=_unsaid(failure), contract=contract.id, method=asked.method
        )
        answered, state = _broken(), "failed"
    return _Ended(answered=answered, contract=contract, element=element, state=state)


def _unreadable(wrong: Unreadable) -> Answered:
    return refused(code=UNREADABLE, message=f"{wrong.path}: {wrong.reason}")


def _try_often(asked: _Asked, contract: contracts.Contract, element: Element) -> _Ended:
    for left in reversed(range(TRIES)):
        try:
            return _in_scope(asked, contract, element)
        except Busy:
            if not left:
                raise
        except OperationalError as failure:
            state = getattr(failure.__cause__, "sqlstate", None)
            if state not in WORTH_RETRYING or not left:
                raise
    raise AssertionError("the last try returns or raises")


def _in_scope(asked: _Asked, contract: contracts.Contract, element: Element) -> _Ended:
    """The command and its line of the log in one transaction."""
    actor = Actor(kind="app", id=f"qimen:{contract.id}", name=contract.code)
    with tenancy.scope(merchant_id=asked.merchant_id, actor=actor, request_id=asked.request_id):
        call = call_of(merchant_id=asked.merchant_id, contract=contract, now=asked.now)
        answered = carry_out(call=call, method=asked.method, element=element)
        state: contracts.MessageState = "again" if answered.is_again else "done"
        ended = _Ended(
            answered=answered,
            contract=contract,
            element=element,
            state="waiting" if answered.is_waiting else state,
            is_logged=True,
        )
        log_message(merchant_id=asked.merchant_id, said=_said(asked, ended), now=asked.now)
    return ended


def _log_apart(asked: _Asked, ended: _Ended) -> None:
    try:
        with tenancy.scope(merchant_id=asked.merchant_id, request_id=asked.request_id):
            log_message(merchant_id=asked.merchant_id, said=_said(asked, ended), now=asked.now)
    except (DatabaseError, cells.UnknownMerchant, cells.MerchantIsMoving) as failure:
        log.exception("qimen_not_logged", exc_info=_unsaid(failure))


def _said(asked: _Asked, ended: _Ended) -> Said:
    assert ended.contract is not None
    return Said(
        contract_id=ended.contract.id,
        direction="in",
        # Anybody with the secret may write anything there.
        method=asked.method if asked.method in METHODS else "unknown",
        state=ended.state,
        element=ended.element,
        body=asked.body,
        code="" if ended.answered.is_success else ended.answered.code,
        reason="" if ended.answered.is_success else ended.answered.message,
        milliseconds=round((time.perf_counter() - asked.started) * 1_000),
    )


def _broken() -> Answered:
    return refused(code=BROKEN, message="come again")


def _unsaid(failure: BaseException) -> BaseException:
    """A failure without what the database repeats of values."""
    told = type(failure).__name__
    return RuntimeError(told).with_traceback(failure.__traceback__)
