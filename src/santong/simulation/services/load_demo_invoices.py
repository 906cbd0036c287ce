from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from santong.invoicing import public as invoicing
from santong.kernel import tenancy
from santong.merchants import public as merchants
from santong.simulation.services.pay_demo_money import Clock

# Province and area 9900 do not exist: these are the numbers of nobody.
TAXPAYERS: Final = (
    "91990000MA0000001B",
    "91990000MA0000002E",
    "91990000MA0000003H",
    "91990000MA0000004L",
    "91990000MA0000005P",
)
BUYER: Final = invoicing.Title(kind="company", name="示范采购有限公司", number="91990000MA0000006T")
CLOTHES: Final = invoicing.RatedAs(
    tax_code="1040201010000000000", tax_name="服装", rate_basis_points=1_300
)
# Whatever is asked of the simulated office is done at once.
PROMPT: Final = {"mood": "prompt"}
MOST_ROUNDS: Final = 20


def open_demo_sellers(*, merchant_id: int, dealer_codes: Sequence[str], now: datetime) -> None:
    """The house and some dealers issue invoices for what was theirs; once."""
    with tenancy.scope(merchant_id=merchant_id):
        if invoicing.sellers(merchant_id=merchant_id):
            return
        dealers = {each.code: each for each in merchants.dealers(merchant_id=merchant_id)}
        house = merchants.merchant(merchant_id=merchant_id).name
        sellers: list[tuple[str, str, int | None]] = [("house", house, None)]
        sellers += [(code, dealers[code].name, dealers[code].id) for code in dealer_codes]
        for (code, name, dealer_id), number in zip(sellers, TAXPAYERS, strict=False):
            invoicing.set_seller(
                merchant_id=merchant_id,
                code=code,
                name=name,
                taxpayer_number=number,
                default_rate=CLOTHES,
                dealer_id=dealer_id,
                settings=PROMPT,
                now=now,
            )


def issue_demo_invoices(*, merchant_id: int, order_ids: Sequence[int], clock: Clock) -> None:
    """A company's invoices of some orders are asked for and issued; once. No scope is open."""
    for order_id in order_ids:
        with tenancy.scope(merchant_id=merchant_id):
            invoicing.request_invoice(
                merchant_id=merchant_id,
                order_id=order_id,
                title=BUYER,
                form="ordinary",
                key=f"demo-{order_id}",
                now=clock(),
            )
    work_demo_invoices(merchant_id=merchant_id, clock=clock)


def work_demo_invoices(*, merchant_id: int, clock: Clock) -> None:
    """What is on its way to the simulated tax office is issued. No scope is open."""
    for _ in range(MOST_ROUNDS):
        if not invoicing.work_off(merchant_id=merchant_id, clock=clock):
            return
