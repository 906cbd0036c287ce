"""What a member holds: the wallet by state, and giving one more."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.benefits import public as benefits
from santong.console.views.frame import command, page
from santong.console.views.member import may, member_shown, seen_member
from santong.kernel.errors import DomainError
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import LARGEST_ID, before_id, cursor_after, id_of
from santong.membership import public as membership

SHOWN: Final = 50
BATCHES_OFFERED: Final = 100


@page("benefits.view")
def wallet(request: MerchantRequest, member_id: str) -> HttpResponse:
    """Coupons, newest first; no code in full, for whoever shows one uses it."""
    return wallet_page(request, seen_member(request, member_id))


def wallet_page(
    request: MerchantRequest, member: membership.Member, *, refused: DomainError | None = None
) -> HttpResponse:
    """The wallet; with a refusal beside the form that gives."""
    found = benefits.wallet(
        merchant_id=request.merchant_id,
        member_id=member.id,
        now=datetime.now(UTC),
        before_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
    )
    batches = benefits.batches_page(
        merchant_id=request.merchant_id, before_id=LARGEST_ID, limit=BATCHES_OFFERED
    )
    values = {
        "entries": found[:SHOWN],
        "offered": [each for each in batches if each.state == "active"],
        "can_give": may(request, "benefits.issue") and member.state == "active",
        "next": (
            urlencode({"cursor": cursor_after(found[SHOWN - 1].coupon_id)})
            if len(found) > SHOWN
            else ""
        ),
    }
    failed = "give" if refused else ""
    return member_shown(request, "member_benefits", member, values, refused=refused, failed=failed)


@page("benefits.issue", method="POST")
def give(request: MerchantRequest, member_id: str) -> HttpResponse:
    """Give a member a coupon of a batch, within its limits."""
    member = seen_member(request, member_id)

    def act() -> str:
        benefits.claim(
            merchant_id=request.merchant_id,
            batch_id=id_of(request.POST.get("batch", ""), kind="batch"),
            member_id=member.id,
            channel="console",
            key=f"console-{request.POST.get('key', '')[:80]}",
            cause="given",
            now=datetime.now(UTC),
        )
        messages.success(request, _("The member has it."))
        return f"/console/members/{member.id}/benefits/"

    return command(
        request, act=act, again=lambda refused: wallet_page(request, member, refused=refused)
    )
