"""Batches of coupons: limits and budgets used, how far they came, and their next step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.benefits import public as benefits
from santong.console.views.fields import text_of
from santong.console.views.frame import command, page, places_of, sentence_of, shown
from santong.kernel.errors import DomainError, NoSuch, PermissionMissing
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import LARGEST_ID, before_id, cursor_after, id_of

SHOWN: Final = 50
# By the state of a batch: the steps that can be taken next.
NEXT_STEPS: Final = {
    "draft": ("approve",),
    "approved": ("activate", "end"),
    "active": ("pause", "end"),
    "paused": ("resume", "end"),
    "ended": (),
}
STEPS: Final[dict[str, Callable[..., benefits.Batch]]] = {
    "approve": benefits.approve_batch,
    "activate": benefits.activate_batch,
    "pause": benefits.pause_batch,
    "resume": benefits.resume_batch,
    "end": benefits.end_batch,
}
APPROVES: Final = "benefits.approve"
EDITS: Final = "benefits.edit"


@page("benefits.view")
def batch_list(request: MerchantRequest) -> HttpResponse:
    """Batches, newest first, with what they may cost and have cost."""
    found = benefits.batches_page(
        merchant_id=request.merchant_id,
        before_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
    )
    values = {
        "batches": found[:SHOWN],
        "may_draft": places_of(request, EDITS) is None,
        "next": (
            urlencode({"cursor": cursor_after(found[SHOWN - 1].id)}) if len(found) > SHOWN else ""
        ),
    }
    return shown(request, "batches", values, section="batches")


@page("benefits.view")
def batch_detail(request: MerchantRequest, batch_id: str) -> HttpResponse:
    """One batch: terms, limits, funnel, steps."""
    return batch_page(request, _batch(request, batch_id))


def batch_page(
    request: MerchantRequest,
    batch: benefits.Batch,
    *,
    refused: DomainError | None = None,
    failed: str = "",
) -> HttpResponse:
    """The page of one batch; with a refusal beside the step that was refused."""
    funnel = benefits.funnel_of(merchant_id=request.merchant_id, batch_id=batch.id)
    totals = [
        (name, sum(getattr(line, name) for line in funnel.lines))
        for name in ("granted", "claimed", "redeemed", "revisited")
    ]
    values: dict[str, Any] = {
        "batch": batch,
        "funnel": funnel,
        "totals": totals,
        "chart_names": ",".join(_funnel_word(name) for name, _number in totals),
        "chart_numbers": ",".join(str(number) for _name, number in totals),
        "steps": [
            step
            for step in NEXT_STEPS[batch.state]
            if places_of(request, _needed(step)) != frozenset()
        ],
        "failed": failed,
        "refusal": sentence_of(refused) if refused else "",
        "sent": request.POST,
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "batch", values, section="batches", status=status)


@page("benefits.view", method="POST")
def take_step(request: MerchantRequest, batch_id: str, step: str) -> HttpResponse:
    """Take a batch one step on, for a reason."""
    batch = _batch(request, batch_id)
    if step not in STEPS:
        raise NoSuch(kind="step", key=step[:40])
    if not request.whole_actor.may(_needed(step)):  # type: ignore[attr-defined]
        raise PermissionMissing(permission=_needed(step))

    def act() -> str:
        STEPS[step](
            merchant_id=request.merchant_id,
            batch_id=batch.id,
            reason=text_of(request, "reason"),
            now=datetime.now(UTC),
        )
        messages.success(request, _("The batch has taken its step."))
        return f"/console/benefits/{batch.id}/"

    return command(
        request,
        act=act,
        again=lambda refused: batch_page(request, batch, refused=refused, failed=step),
    )


def _batch(request: MerchantRequest, batch_id: str) -> benefits.Batch:
    number = id_of(batch_id, kind="batch")
    found = benefits.batches_page(
        merchant_id=request.merchant_id, before_id=min(number + 1, LARGEST_ID), limit=1
    )
    if not found or found[0].id != number:
        raise NoSuch(kind="batch", key=batch_id)
    return found[0]


def _needed(step: str) -> str:
    return APPROVES if step == "approve" else EDITS


def _funnel_word(name: str) -> str:
    key = f"funnel.{name}"
    return _(key)
