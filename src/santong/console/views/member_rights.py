"""A person's own rights: to be given all that is known of them, and to be forgotten."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.console.views.fields import text_of
from santong.console.views.frame import command, page
from santong.console.views.member import overview_page, seen_member
from santong.customers import public as customers
from santong.kernel.errors import DomainError, FieldInvalid
from santong.kernel.http.auth import MerchantRequest


@page("customers.erase", method="POST")
def export(request: MerchantRequest, member_id: str) -> HttpResponse:
    """All that every context knows of a person, as a file; the trail says who asked and why."""
    member = seen_member(request, member_id)
    try:
        with transaction.atomic():
            found = customers.export_person(
                merchant_id=request.merchant_id,
                person_id=member.person_id,
                reason=text_of(request, "reason"),
                now=datetime.now(UTC),
            )
    except DomainError as refused:
        return overview_page(request, member, refused=refused, failed="export")
    text = json.dumps(dict(found.parts), ensure_ascii=False, indent=1, default=str)
    answer = HttpResponse(text, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="person-{found.person_id}.json"'
    return answer


@page("customers.erase", method="POST")
def erase(request: MerchantRequest, member_id: str) -> HttpResponse:
    """Forget who a person was, everywhere and for good, once the member number is typed."""
    member = seen_member(request, member_id)

    def act() -> str:
        if request.POST.get("confirmation", "").strip().upper() != member.number:
            raise FieldInvalid(pointer="/confirmation", reason="not the member number")
        customers.erase_person(
            merchant_id=request.merchant_id,
            person_id=member.person_id,
            reason=text_of(request, "reason"),
            now=datetime.now(UTC),
        )
        messages.success(request, _("This person is forgotten. What stays is about nobody."))
        return f"/console/members/{member.id}/"

    return command(
        request,
        act=act,
        again=lambda refused: overview_page(request, member, refused=refused, failed="erase"),
    )
