"""The wallet (卡券包), and taking a coupon by a link."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext

from santong.benefits import public as benefits
from santong.kernel.errors import DomainError, NoSuch
from santong.kernel.http.pages import before_id, cursor_after
from santong.kernel.nameless import check_name
from santong.storefront.views.frame import MemberRequest, page, shown

SHOWN = 100
GOOD: Final = "good"
# What lies on which shelf; of what can be used, the first comes first.
SHELVES: Final[dict[str, tuple[benefits.WalletState, ...]]] = {
    GOOD: ("usable", "held", "upcoming", "frozen"),
    "used": ("used",),
    "over": ("expired", "void"),
}


@page("GET", "HEAD")
def wallet_page(request: MemberRequest) -> HttpResponse:
    """What a member holds; on demand what they used, or can use no more. Newest first, by pages."""
    chosen = request.GET.get("show", "")
    chosen = chosen if chosen in SHELVES else GOOD
    found = benefits.wallet(
        merchant_id=request.house.id,
        member_id=request.member.id,
        now=datetime.now(UTC),
        states=SHELVES[chosen],
        before_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
    )
    entries = found[:SHOWN]
    if chosen == GOOD:
        entries.sort(key=lambda entry: SHELVES[GOOD].index(entry.state))
    values = {
        "entries": entries,
        "shelves": tuple(SHELVES),
        "chosen": chosen,
        "cursor": cursor_after(found[SHOWN - 1].coupon_id) if len(found) > SHOWN else "",
    }
    return shown(request, "wallet", values, tab="wallet")


@page("GET", "HEAD", "POST")
def claim_page(request: MemberRequest, batch_code: str) -> HttpResponse:
    """What a batch offers, and taking one. The form's key makes two taps one."""
    batch = _batch(request, batch_code)
    if request.method != "POST":
        return _offer(request, batch)
    key = request.POST.get("key", "")[:32]
    try:
        check_name(key)
        with transaction.atomic():
            coupon = benefits.claim(
                merchant_id=request.house.id,
                batch_id=batch.id,
                member_id=request.member.id,
                channel="storefront",
                key=f"centre:{request.member.id}:{key}",
                now=datetime.now(UTC),
            )
    except DomainError as refused:
        return _offer(request, batch, refused)
    messages.success(request, gettext("It is in your wallet."))
    where = reverse("storefront:coupon", args=[request.house.code, coupon.id])
    return HttpResponseRedirect(where)


def _batch(request: MemberRequest, code: str) -> benefits.Batch:
    """A batch that members may know of: a draft is nobody's business."""
    if not code.isprintable():
        raise NoSuch(kind="batch", key="")
    batch = benefits.batch_by_code(merchant_id=request.house.id, code=code)
    if batch.state in {"draft", "approved"}:
        raise NoSuch(kind="batch", key=code[:40])
    return batch


def _offer(
    request: MemberRequest, batch: benefits.Batch, refused: DomainError | None = None
) -> HttpResponse:
    now = datetime.now(UTC)
    closes_at = batch.window.closes_at
    values = {
        "batch": batch,
        "refused": refused,
        "key": uuid.uuid4().hex,
        "is_open": batch.state == "active"
        and batch.window.opens_at <= now
        and (closes_at is None or now < closes_at),
        "is_early": now < batch.window.opens_at,
    }
    status = HTTPStatus.OK if refused is None else refused.status
    return shown(request, "claim", values, tab="wallet", status=status)
