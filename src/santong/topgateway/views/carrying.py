"""A call that may be made is carried out in the seller's scope: a write once, however often."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple

from django.db import OperationalError

from santong.kernel import idempotency, tenancy
from santong.kernel.errors import Busy, DomainError, KeyReused
from santong.kernel.http.middleware import TRIES, WORTH_RETRYING
from santong.topgateway import errors
from santong.topgateway.contracts import Call, Style
from santong.topgateway.errors import Refused
from santong.topgateway.rules.arguments import Asked
from santong.topgateway.rules.declaring import Method
from santong.topgateway.rules.envelope import content_type_of, written
from santong.topgateway.rules.received import Received
from santong.topgateway.rules.refusals import refused_by_context

OK: Final = 200
# Whoever sends another call under a signature that was used has found two that sign alike.
FORGED: Final = Refused(errors.INVALID_SIGNATURE, "isv.invalid-signature", "sign: used before")


class Carried(NamedTuple):
    """What is answered: anew, or once more."""

    text: str
    is_repeated: bool


def carry_out(
    *, method: Method, call: Call, asked: Asked, received: Received, style: Style
) -> Carried:
    """The answer to a call, in the caller's style. Raises Refused."""
    if not method.needs_session:
        return Carried(_answer(method, call, asked, style), is_repeated=False)
    try:
        return _try_often(method, call, asked, received, style)
    except KeyReused:
        raise FORGED from None
    except DomainError as refused:
        raise refused_by_context(refused) from None


def _try_often(
    method: Method, call: Call, asked: Asked, received: Received, style: Style
) -> Carried:
    for left in reversed(range(TRIES)):
        try:
            with tenancy.scope(
                merchant_id=call.merchant_id, actor=call.actor, request_id=call.request_id
            ):
                if method.does == "reads":
                    return Carried(_answer(method, call, asked, style), is_repeated=False)
                return _once(method, call, asked, received, style)
        except Busy:
            if not left:
                raise
        except OperationalError as failure:
            state = getattr(failure.__cause__, "sqlstate", None)
            if state not in WORTH_RETRYING or not left:
                raise
    raise AssertionError("the last try returns or raises")


def _once(method: Method, call: Call, asked: Asked, received: Received, style: Style) -> Carried:
    """The first answer, if this very call was carried out before: its signature names it."""
    key = f"top:{call.app_key}:{received.said('sign').upper()[:64]}"
    hashed = idempotency.request_hash(*_said(received))
    first = idempotency.first_answer(merchant_id=call.merchant_id, key=key, hashed=hashed)
    if first is not None:
        return Carried(first.body.decode(), is_repeated=True)
    text = _answer(method, call, asked, style)
    _remember(call, key, hashed, text, style, now=call.now)
    return Carried(text, is_repeated=False)


def _remember(
    call: Call, key: str, hashed: bytes, text: str, style: Style, *, now: datetime
) -> None:
    idempotency.remember(
        merchant_id=call.merchant_id,
        key=key,
        hashed=hashed,
        answer=idempotency.Answer(OK, text.encode(), content_type_of(style)),
        now=now,
    )


def _said(received: Received) -> list[bytes]:
    """All that was signed; where a parameter ends and the next begins is signed by nobody."""
    params = sorted((name, value) for name, value in received.params.items() if name != "sign")
    return [received.body, *(part.encode() for pair in params if pair[1] for part in pair)]


def _answer(method: Method, call: Call, asked: Asked, style: Style) -> str:
    return written(
        method.carry_out(call, asked),
        outline=method.answers,
        method=method.name,
        style=style,
        request_id=call.request_id,
    )
