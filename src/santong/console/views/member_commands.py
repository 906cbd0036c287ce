"""What an operator does with a member: reveal, unbind, let go, take back, take a merge back."""

from __future__ import annotations

from datetime import UTC, datetime

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.console.views.fields import LONGEST_REASON, text_of
from santong.console.views.frame import command, page
from santong.console.views.member import overview_page, reach_by, seen_member
from santong.console.views.member_parts import identity_page
from santong.customers import public as customers
from santong.kernel.errors import DomainError, NoSuch
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import id_of
from santong.membership import public as membership


@page("personal_data.reveal", method="POST")
def reveal(request: MerchantRequest, member_id: str) -> HttpResponse:
    """Show who a member is in clear text, once, for a reason that goes into the audit trail."""
    member = seen_member(request, member_id)
    try:
        with transaction.atomic():
            revealed = customers.reveal_person(
                merchant_id=request.merchant_id,
                person_id=member.person_id,
                reason=text_of(request, "reason"),
                now=datetime.now(UTC),
            )
    except DomainError as refused:
        return overview_page(request, member, refused=refused, failed="reveal")
    return overview_page(request, member, extra={"revealed": revealed})


@page("members.edit", method="POST")
def close(request: MerchantRequest, member_id: str) -> HttpResponse:
    """Let a member leave every programme, for a reason."""
    member = seen_member(request, member_id)

    def act() -> str:
        membership.close_member(
            merchant_id=request.merchant_id,
            member_id=member.id,
            reason=text_of(request, "reason"),
            now=datetime.now(UTC),
        )
        messages.success(request, _("The member has left all programmes."))
        return _back(member.id)

    return command(
        request,
        act=act,
        again=lambda refused: overview_page(request, member, refused=refused, failed="close"),
    )


@page("members.edit", method="POST")
def reopen(request: MerchantRequest, member_id: str) -> HttpResponse:
    """Take a member back who had left, for a reason."""
    member = seen_member(request, member_id)

    def act() -> str:
        membership.reopen_member(
            merchant_id=request.merchant_id,
            member_id=member.id,
            reason=text_of(request, "reason"),
            now=datetime.now(UTC),
        )
        messages.success(request, _("The member is back, with every card."))
        return _back(member.id)

    return command(
        request,
        act=act,
        again=lambda refused: overview_page(request, member, refused=refused, failed="reopen"),
    )


@page("members.edit", method="POST")
def unbind(request: MerchantRequest, member_id: str, binding_id: str) -> HttpResponse:
    """Let an account on a storefront show the member no longer, for a reason."""
    member = seen_member(request, member_id)
    number = id_of(binding_id, kind="binding")
    seen = membership.bindings_in_sight(
        merchant_id=request.merchant_id, member_id=member.id, sight=reach_by(request)
    )
    if number not in {each.id for each in seen}:
        raise NoSuch(kind="binding", key=binding_id)

    def act() -> str:
        membership.unbind_account(
            merchant_id=request.merchant_id,
            member_id=member.id,
            binding_id=number,
            reason=text_of(request, "reason"),
            now=datetime.now(UTC),
        )
        messages.success(request, _("The account is no longer bound."))
        return f"{_back(member.id)}identity/"

    return command(
        request,
        act=act,
        again=lambda refused: identity_page(
            request, member, refused=refused, failed=f"unbind-{number}"
        ),
    )


@page("customers.merge", method="POST")
def undo_merge(request: MerchantRequest, member_id: str, merge_id: str) -> HttpResponse:
    """Make two persons of one again, for a reason, each with what was theirs."""
    member = seen_member(request, member_id)
    number = id_of(merge_id, kind="merge")

    def act() -> str:
        told = customers.merges_of(merchant_id=request.merchant_id, person_id=member.person_id)
        if number not in {each.id for each in told}:
            raise NoSuch(kind="merge", key=merge_id)
        customers.undo_merge(
            merchant_id=request.merchant_id,
            merge_id=number,
            reason=text_of(request, "reason", longest=LONGEST_REASON),
            now=datetime.now(UTC),
        )
        messages.success(request, _("They are two persons again, each with what was theirs."))
        return f"{_back(member.id)}identity/"

    return command(
        request,
        act=act,
        again=lambda refused: identity_page(
            request, member, refused=refused, failed=f"undo-{number}"
        ),
    )


def _back(member_id: int) -> str:
    return f"/console/members/{member_id}/"
