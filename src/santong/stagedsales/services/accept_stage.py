"""The buyer accepts work, or says nothing for as long as agreed."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from math import ceil
from typing import Final, Literal

from django.db import transaction

from santong.kernel import attempts, audit, outbox
from santong.kernel.errors import Busy
from santong.kernel.tenancy import all_or_nothing
from santong.stagedsales.contracts import document_of
from santong.stagedsales.errors import CodeRefused, SalePassed, StagePassed, TooManyCodeTries
from santong.stagedsales.events import StageAccepted
from santong.stagedsales.models import Stage
from santong.stagedsales.rules.states import GONE, UNDER_CONTRACT
from santong.stagedsales.selectors.sealing import acceptance_code
from santong.stagedsales.services.lock import Held, lock_sale
from santong.stagedsales.services.settle import settle

AcceptedBy = Literal["buyer_page", "buyer_code", "silence", "visit"]
MOST_TRIES: Final = 5
WITHIN: Final = timedelta(minutes=15)


@all_or_nothing
def accept_stage(
    *, merchant_id: int, sale_id: int, number: int, by: AcceptedBy, now: datetime
) -> None:
    """Note that the buyer has accepted the work of a stage; twice is once.

    The stage is released once it is paid, or falls due if that is what it waited for.

    Raises NoSuch, SalePassed, StagePassed. Emits StageAccepted, StageDue, SaleClosed. Locks the
    sale, shared sales.
    """
    held = lock_sale(merchant_id=merchant_id, sale_id=sale_id)
    stage = held.stage(number)
    if stage.accepted_at is not None:
        return
    if held.sale.state not in UNDER_CONTRACT:
        raise SalePassed(state=held.sale.state)
    if stage.state in GONE or stage.done_at is None:
        raise StagePassed(number=number, state=stage.state)
    write_acceptance(held, stage, by=by, now=now)
    settle(held, numbers=[stage.document_number], now=now)


@all_or_nothing
def accept_by_code(
    *, merchant_id: int, sale_id: int, number: int, code: str, now: datetime
) -> CodeRefused | TooManyCodeTries | None:
    """Accept with the six digits that the buyer shows on their page.

    A wrong code counts, and that count must stay: it is given back as a refusal, and the caller
    commits. Raises what `accept_stage` raises. Locks the stage's counter, then the sale.
    """
    subject = f"stagedsales.accept:{merchant_id}:{sale_id}:{number}"
    wait = attempts.take_here(subject=subject, most=MOST_TRIES, within=WITHIN, now=now)
    if wait is not None:
        return TooManyCodeTries(retry_after_seconds=ceil(wait.total_seconds()))
    right = acceptance_code(merchant_id=merchant_id, sale_id=sale_id, number=number)
    if not hmac.compare_digest(right.encode(), code.strip().encode()):
        return CodeRefused()
    attempts.give_back(subject=subject, taken_at=now)
    accept_stage(merchant_id=merchant_id, sale_id=sale_id, number=number, by="buyer_code", now=now)
    return None


@all_or_nothing
def accept_silently(*, merchant_id: int, now: datetime, limit: int = 200) -> int:
    """Accept work that nobody said anything about for as long as agreed; how many stages.

    What is fought about, or somebody works on, waits. Emits StageAccepted. Locks sales, one by one.
    """
    rows = Stage.objects.of_merchant(merchant_id).filter(
        silent_at__lte=now, accepted_at__isnull=True, sale__state__in=UNDER_CONTRACT
    )
    found = rows.exclude(state__in=GONE).order_by("silent_at", "id")
    return sum(
        _accept_one(merchant_id, sale_id, number, now)
        for sale_id, number in found.values_list("sale_id", "number")[:limit]
    )


def _accept_one(merchant_id: int, sale_id: int, number: int, now: datetime) -> bool:
    try:
        with transaction.atomic():
            accept_stage(
                merchant_id=merchant_id, sale_id=sale_id, number=number, by="silence", now=now
            )
    except (Busy, SalePassed, StagePassed):
        return False
    return True


def write_acceptance(held: Held, stage: Stage, *, by: AcceptedBy, now: datetime) -> None:
    """Note an acceptance on a locked sale; the caller settles, which saves it."""
    stage.accepted_at, stage.accepted_by = now, by
    stage.silent_at = None
    if stage.due == "acceptance" and stage.due_at is None:
        stage.due_at = now
    audit.record(
        audit.Change(
            action="stagedsales.accept_stage",
            subject="staged_sale",
            subject_id=held.sale.id,
            reason=by,
            after={"stage": stage.number},
        ),
        now=now,
    )
    outbox.publish(
        StageAccepted(
            sale_id=held.sale.id,
            number=stage.number,
            document=document_of(held.sale.id, stage.document_number),
            accepted_by=by,
            accepted_at=now,
        ),
        now=now,
    )
