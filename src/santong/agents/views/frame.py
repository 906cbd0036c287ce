"""What every answer of the Universal Commerce Protocol has in common.

Nobody logs in here: the protocol lets any platform shop that says who it is. A session's id is
what opens it, to the platform alone that began it.
"""

from __future__ import annotations

import functools
import hashlib
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final, TypeVar

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from santong.agents import contracts
from santong.agents.documents.platforms import profile_of
from santong.agents.errors import PlatformTrouble, RequestInvalid, TooManyCalls
from santong.agents.rules.ucp.negotiation import Negotiated, negotiated, profile_url_in
from santong.agents.selectors.shops import open_shop
from santong.agents.views.answers import Answer, refusal_answer, written
from santong.kernel import attempts, cells, idempotency, tenancy
from santong.kernel.errors import Busy, DomainError
from santong.kernel.http.middleware import TRIES, WORTH_RETRYING

# A platform serves many buyers; this is what one may ask of one shop.
MOST_CALLS: Final = 600
WITHIN: Final = timedelta(minutes=1)
# Anybody may name a profile, and fetching one keeps a process waiting: so many new ones a minute.
MOST_PROFILES: Final = 60
MOST_PROFILES_FROM_ONE: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of a platform to a shop, inside the merchant's scope."""

    request: HttpRequest
    merchant_id: int
    shop: contracts.AgentShop
    platform: str
    agreed: Negotiated
    now: datetime

    def address(self, path: str) -> str:
        """Where something of ours answers."""
        return self.request.build_absolute_uri(path)


Handle = Callable[..., Answer]
Done = TypeVar("Done")


def operation(capability: str, method: str, *, writes: bool = False) -> Callable[[Handle], Any]:
    """An operation of a capability: negotiated, in the merchant's scope, done once for its key."""

    def guard(handle: Handle) -> Any:
        @csrf_exempt
        @functools.wraps(handle)
        def guarded(request: HttpRequest, merchant: str, storefront: str, **named: str) -> Any:
            if request.method != method:
                return HttpResponse(status=HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": method})
            try:
                return _answered(request, merchant, storefront, named)
            except (PlatformTrouble, cells.UnknownMerchant, DomainError) as refused:
                return refusal_answer(refused)

        def _answered(
            request: HttpRequest, merchant: str, storefront: str, named: Mapping[str, str]
        ) -> HttpResponse:
            merchant_id = cells.merchant_by_code(merchant).merchant_id
            platform = profile_url_in(request.headers.get("UCP-Agent", ""))
            now = datetime.now(UTC)
            profile = profile_of(
                url=platform,
                before_fetching=lambda: _let_fetch(request, merchant_id, storefront, now),
            )
            agreed = negotiated(profile=profile, capability=capability)
            if agreed.trouble is not None:
                raise PlatformTrouble(trouble=agreed.trouble)
            _count(merchant_id, platform, now)
            key = request.headers.get("Idempotency-Key", "")
            if writes and not key:
                raise RequestInvalid(where="Idempotency-Key", reason="missing")

            def work() -> HttpResponse:
                call = Call(
                    request=request,
                    merchant_id=merchant_id,
                    shop=open_shop(merchant_id=merchant_id, storefront_code=storefront),
                    platform=platform,
                    agreed=agreed,
                    now=now,
                )
                if writes:
                    return _once(call, key, functools.partial(handle, call, **named))
                return written(handle(call, **named))

            return in_scope(request, merchant_id, work)

        return guarded

    return guard


def in_scope(request: HttpRequest, merchant_id: int, work: Callable[[], Done]) -> Done:
    """Run in the merchant's scope, again if locks ask for it. A refusal leaves nothing behind."""
    actor = tenancy.Actor(kind="buyer", id="", name="UCP")
    for left in reversed(range(TRIES)):
        try:
            with tenancy.scope(
                merchant_id=merchant_id,
                actor=actor,
                request_id=getattr(request, "request_id", "") or uuid.uuid4().hex,
            ):
                return work()
        except OperationalError as failure:
            if getattr(failure.__cause__, "sqlstate", None) not in WORTH_RETRYING:
                raise
            if not left:
                raise Busy from failure
        except cells.MerchantIsMoving:
            raise Busy(retry_after_seconds=2) from None
    raise AssertionError("the last try returns or raises")


def _let_fetch(request: HttpRequest, merchant_id: int, storefront: str, now: datetime) -> None:
    """Only for a shop that is there, and only so often for one caller and for all together."""
    in_scope(
        request,
        merchant_id,
        lambda: open_shop(merchant_id=merchant_id, storefront_code=storefront),
    )
    caller = attempts.network_of(request.META.get("REMOTE_ADDR", ""))
    _take(f"agents.profiles:{merchant_id}:{caller}", MOST_PROFILES_FROM_ONE, now)
    _take(f"agents.profiles:{merchant_id}", MOST_PROFILES, now)


def _count(merchant_id: int, platform: str, now: datetime) -> None:
    _take(f"agents.ucp:{merchant_id}:{platform}", MOST_CALLS, now)


def _take(subject: str, most: int, now: datetime) -> None:
    wait = attempts.take(subject=subject, most=most, within=WITHIN, now=now)
    if wait is not None:
        raise TooManyCalls(retry_after_seconds=max(1, int(wait.total_seconds())))


def _name_of(call: Call, key: str) -> str:
    """A key is its platform's, in one shop: what another has chosen is nobody's business."""
    whose = f"{call.shop.storefront_id}\n{call.platform}\n{key}"
    return hashlib.sha256(whose.encode()).hexdigest()


def _once(call: Call, key: str, handle: Callable[[], Answer]) -> HttpResponse:
    """The first answer for every call with the same key and content."""
    named = f"ucp:{_name_of(call, key)}"
    hashed = idempotency.request_hash(
        call.platform.encode(),
        (call.request.method or "").encode(),
        call.request.path.encode(),
        call.request.body,
    )
    first = idempotency.first_answer(merchant_id=call.merchant_id, key=named, hashed=hashed)
    if first is not None:
        return HttpResponse(first.body, status=first.status, content_type=first.content_type)
    response = written(handle())
    idempotency.remember(
        merchant_id=call.merchant_id,
        key=named,
        hashed=hashed,
        answer=idempotency.Answer(response.status_code, response.content, response["Content-Type"]),
        now=call.now,
    )
    return response
