"""What was bought has reached its buyer, or somebody has done the work at theirs."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit, outbox
from santong.kernel.tenancy import all_or_nothing
from santong.stagedsales.errors import DeliveryBlocked, SalePassed
from santong.stagedsales.events import GoodsDelivered
from santong.stagedsales.models import StagedSale
from santong.stagedsales.rules.states import GONE, PAYABLE, UNDER_CONTRACT
from santong.stagedsales.services.accept_stage import write_acceptance
from santong.stagedsales.services.lock import Held, lock_sale
from santong.stagedsales.services.record_milestone import mark_done
from santong.stagedsales.services.settle import settle
from santong.stagedsales.services.share import name_installer


@all_or_nothing
def record_delivery(*, merchant_id: int, sale_id: int, now: datetime) -> None:
    """Note that the goods are handed over, once: what is due on delivery is due.

    Raises NoSuch, SalePassed, DeliveryBlocked. Emits GoodsDelivered, StageDue. Locks the sale.
    """
    held = lock_sale(merchant_id=merchant_id, sale_id=sale_id)
    if held.sale.delivered_at is not None:
        return
    if held.sale.state not in UNDER_CONTRACT:
        raise SalePassed(state=held.sale.state)
    settle(held, now=now)
    if gates := shut_gates(held):
        raise DeliveryBlocked(numbers=gates)
    _deliver(held, now)
    settle(held, now=now)


@all_or_nothing
def see_delivery(*, merchant_id: int, order_id: int, now: datetime) -> None:
    """The order of a sale has come: it has happened, whatever should have been paid before.

    Emits GoodsDelivered, StageDue. Locks the sales of the order.
    """
    rows = StagedSale.objects.of_merchant(merchant_id).filter(
        order_id=order_id, state__in=UNDER_CONTRACT, delivered_at__isnull=True
    )
    for sale_id in rows.order_by("id").values_list("id", flat=True):
        held = lock_sale(merchant_id=merchant_id, sale_id=sale_id)
        if held.sale.state in UNDER_CONTRACT and held.sale.delivered_at is None:
            _deliver(held, now)
            settle(held, now=now)


@all_or_nothing
def see_visit(*, merchant_id: int, sale_id: int, provider_code: str, now: datetime) -> None:
    """A visit for a sale was accepted: goods and work are at the buyer's, who has accepted them.

    Stages that wait for a delivery or for an acceptance are due and accepted, and the provider has
    the installer's share of them. What ended hears nothing.

    Raises NoSuch. Emits GoodsDelivered, StageAccepted, StageDue. Locks the sale.
    """
    held = lock_sale(merchant_id=merchant_id, sale_id=sale_id)
    if held.sale.state not in UNDER_CONTRACT:
        return
    held.sale.installer_code = provider_code
    held.sale.save(update_fields=["installer_code"])
    if held.sale.delivered_at is None:
        _deliver(held, now)
    for stage in held.stages:
        waits = stage.due in {"delivery", "acceptance"} and stage.accepted_at is None
        if waits and stage.state not in GONE and stage.waits_for_acceptance:
            if stage.done_at is None:
                mark_done(stage, now=now)
            name_installer(held, stage, now=now)
            write_acceptance(held, stage, by="visit", now=now)
    settle(held, now=now)


def shut_gates(held: Held) -> list[int]:
    """Stages that have to be paid before anything is handed over, and are not."""
    return [each.number for each in held.stages if each.gates_delivery and each.state in PAYABLE]


def _deliver(held: Held, now: datetime) -> None:
    held.sale.delivered_at = now
    held.sale.save(update_fields=["delivered_at"])
    for stage in held.stages:
        if stage.due == "delivery" and stage.due_at is None and stage.state not in GONE:
            stage.due_at = now
    audit.record(
        audit.Change(
            action="stagedsales.record_delivery",
            subject="staged_sale",
            subject_id=held.sale.id,
            reason="the goods are handed over",
        ),
        now=now,
    )
    outbox.publish(GoodsDelivered(sale_id=held.sale.id, delivered_at=now), now=now)
