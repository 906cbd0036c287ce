"""What parties dispute of their statements, and how it is answered."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.console.rules.amounts import minor_of
from santong.console.views.fields import choice_of, text_of
from santong.console.views.frame import command, page
from santong.console.views.statements import statement_page
from santong.kernel.errors import FieldInvalid
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import id_of
from santong.settlement import public as settlement

LONGEST_AMOUNT: Final = 20


@page("shares.edit", method="POST")
def accept(request: MerchantRequest, claim_id: str) -> HttpResponse:
    """Give a party right: so much more is payable to it, or less, and head office bears it."""
    claim, statement = _claim(request, claim_id)

    def act() -> str:
        minor = minor_of(
            text=text_of(request, "amount", longest=LONGEST_AMOUNT), currency=statement.currency
        )
        if not minor:
            raise FieldInvalid(pointer="/amount", reason="an amount above nothing")
        takes = choice_of(request, "way", among=("more", "less")) == "less"
        settlement.accept_claim(
            merchant_id=request.merchant_id,
            claim_id=claim.id,
            correction_minor=-minor if takes else minor,
            answer=text_of(request, "reason"),
            now=datetime.now(UTC),
        )
        messages.success(request, _("Put right: it stands in the party's books from now on."))
        return f"/console/statements/{statement.id}/"

    return command(
        request,
        act=act,
        again=lambda refused: statement_page(
            request, statement, refused=refused, failed=f"accept-{claim.id}"
        ),
    )


@page("shares.edit", method="POST")
def refuse(request: MerchantRequest, claim_id: str) -> HttpResponse:
    """Say that the line is right, and why."""
    claim, statement = _claim(request, claim_id)

    def act() -> str:
        settlement.refuse_claim(
            merchant_id=request.merchant_id,
            claim_id=claim.id,
            answer=text_of(request, "reason"),
            now=datetime.now(UTC),
        )
        messages.success(request, _("Answered. The line stays as it is."))
        return f"/console/statements/{statement.id}/"

    return command(
        request,
        act=act,
        again=lambda refused: statement_page(
            request, statement, refused=refused, failed=f"refuse-{claim.id}"
        ),
    )


def _claim(
    request: MerchantRequest, claim_id: str
) -> tuple[settlement.Claim, settlement.Statement]:
    claim = settlement.claim_by_id(
        merchant_id=request.merchant_id, claim_id=id_of(claim_id, kind="claim")
    )
    statement = settlement.statement_by_id(
        merchant_id=request.merchant_id, statement_id=claim.statement_id
    )
    return claim, statement
