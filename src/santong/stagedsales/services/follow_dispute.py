"""A buyer fights about money of a sale at the provider, or that was decided."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.stagedsales.contracts import DEPOSIT, SALE_STATES, document_of
from santong.stagedsales.rules.states import BEFORE_CONTRACT
from santong.stagedsales.selectors.money import is_disputed
from santong.stagedsales.services.cancel_sale import end_sale
from santong.stagedsales.services.change_state import change_state
from santong.stagedsales.services.lock import Held, lock_sale
from santong.stagedsales.services.settle import settle

LOST = "the deposit was taken back in a dispute"
# What ended without a contract's end stays as it ended: only its money is fought about.
_ENDED = frozenset({"expired", "cancelled", "refunded"})


@all_or_nothing
def follow_dispute(*, merchant_id: int, sale_id: int, now: datetime) -> None:
    """Let a sale stand still while it is fought about; decided, go on from where it stood.

    A stage whose money was lost is owed again. A sale whose deposit was lost before its contract
    is over. Told twice or in any order, what payments says now counts.

    Raises NoSuch. Emits what settling emits, SaleCancelled. Locks the sale, documents' intents.
    """
    held = lock_sale(merchant_id=merchant_id, sale_id=sale_id)
    fought = any(
        is_disputed(merchant_id=merchant_id, document=document_of(sale_id, number))
        for number in held.money
    )
    if fought and held.sale.state not in {*_ENDED, "disputed"}:
        held.sale.state_before = held.sale.state
        change_state(held.sale, to="disputed", reason="the buyer fights about a payment", now=now)
    elif not fought and held.sale.state == "disputed":
        before = held.sale.state_before
        held.sale.state_before = ""
        to = SALE_STATES[SALE_STATES.index(before)]
        change_state(held.sale, to=to, reason="the dispute is decided", now=now)
    settle(held, now=now)
    if _lost_its_deposit(held):
        end_sale(held, cause="cancelled", fault="shop", reason=LOST, now=now)


def _lost_its_deposit(held: Held) -> bool:
    money = held.money[DEPOSIT].as_contract()
    is_waiting = held.sale.state in BEFORE_CONTRACT - {"reserved"}
    return is_waiting and money.net_minor < held.sale.deposit_minor
