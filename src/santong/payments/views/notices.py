"""Where providers tell us what has happened. They sign what they say."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

import structlog
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from santong.kernel import cells, tenancy
from santong.kernel.errors import Busy, NoSuch
from santong.payments.contracts import (
    Access,
    BadSignature,
    Notice,
    Provider,
    Refused,
    Reply,
    Unreachable,
)
from santong.payments.providers.addresses import notify_url
from santong.payments.providers.registry import provider_named
from santong.payments.selectors.payment_accounts import access_of, payment_account_by_code
from santong.payments.services.take_notice import take_notice

LONGEST_NOTICE = 256 * 1024

log = structlog.get_logger(__name__)


@csrf_exempt
@require_POST
def notice(request: HttpRequest, merchant_code: str, account_code: str) -> HttpResponse:
    """Something a provider tells us about an account of a merchant."""
    found = _speaker(merchant_code, account_code)
    if found is None:
        return HttpResponse(status=HTTPStatus.NOT_FOUND)
    merchant_id, provider, access = found
    try:
        told = _read(request, provider, access)
        with tenancy.scope(merchant_id=merchant_id):
            is_ours = take_notice(
                merchant_id=merchant_id,
                account_code=account_code,
                notice=told,
                now=datetime.now(UTC),
            )
    except _NotTaken as refused:
        log.warning("payment_notice_refused", account=account_code, why=refused.why)
        return _answer(provider.reply(is_taken=False), refused.status)
    except (cells.MerchantIsMoving, Busy):
        return _answer(provider.reply(is_taken=False), HTTPStatus.SERVICE_UNAVAILABLE)
    if not is_ours:
        log.warning("payment_notice_refused", account=account_code, why="reference")
        return _answer(provider.reply(is_taken=False), HTTPStatus.NOT_FOUND)
    return _answer(provider.reply(is_taken=True))


class _NotTaken(Exception):
    """A notice that is not listened to."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(status, why)
        self.status = status
        self.why = why


def _read(request: HttpRequest, provider: Provider, access: Access) -> Notice:
    if int(request.headers.get("Content-Length") or 0) > LONGEST_NOTICE:
        raise _NotTaken(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "length")
    try:
        return provider.read_notice(access=access, headers=dict(request.headers), body=request.body)
    except BadSignature:
        raise _NotTaken(HTTPStatus.UNAUTHORIZED, "signature") from None
    except (Refused, Unreachable) as refused:
        raise _NotTaken(HTTPStatus.BAD_REQUEST, str(refused)[:100]) from None


def _speaker(merchant_code: str, account_code: str) -> tuple[int, Provider, Access] | None:
    try:
        merchant_id = cells.merchant_by_code(merchant_code).merchant_id
        with tenancy.scope(merchant_id=merchant_id):
            account = payment_account_by_code(merchant_id=merchant_id, code=account_code)
            access = access_of(
                merchant_id=merchant_id,
                code=account_code,
                notify_url=notify_url(merchant_id=merchant_id, account=account_code),
            )
    except (cells.UnknownMerchant, NoSuch):
        return None
    provider = provider_named(account.provider)
    return None if provider is None else (merchant_id, provider, access)


def _answer(reply: Reply, status: int | None = None) -> HttpResponse:
    code = reply.status if status is None or reply.status >= HTTPStatus.BAD_REQUEST else status
    return HttpResponse(reply.body, status=code, content_type=reply.content_type)
