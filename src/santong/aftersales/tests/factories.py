"""Things of aftersales for tests: say what the test is about, the rest is invented."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from santong.aftersales import contracts
from santong.aftersales.models import LineUnits, RefundStep
from santong.aftersales.selectors.invariants import check_invariants
from santong.aftersales.services.decide_case import decide_case
from santong.aftersales.services.follow_refund import follow_refund
from santong.aftersales.services.open_case import open_case
from santong.aftersales.services.owe_goods import take_on
from santong.aftersales.services.publish_policy import publish_policy
from santong.aftersales.services.receive_goods import receive_goods
from santong.agreements import public as agreements
from santong.agreements.tests.factories import claim, make_accepted
from santong.evidence import public as evidence
from santong.inventory.tests.factories import make_level
from santong.orders import public as orders
from santong.orders.tests.factories import make_new_line, make_order, make_payment, make_shop
from santong.payments import public as payments
from santong.payments.tests.factories import end_refunds, make_collected
from santong.stores.tests.factories import make_location

NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
LATER = NOW + timedelta(days=2)
PRICE = 19_900
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    b"\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xdc\xccY\xe7"
    b"\x00\x00\x00\x00IEND\xaeB`\x82"
)

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """An order that reached its buyer, and a store far from where it came."""

    merchant_id: int
    order: orders.Order
    store: int

    @property
    def document(self) -> str:
        return orders.document_of(order_id=self.order.id)

    @property
    def lines(self) -> tuple[int, ...]:
        return tuple(line.id for line in self.order.lines)


def make_bought(
    merchant_id: int,
    *,
    quantities: Sequence[int] = (2,),
    prices: Sequence[int] = (),
    freight_minor: int = 0,
    discount_minor: int = 0,
    **given: Any,
) -> Bought:
    """So many of each SKU, paid by a channel, and in the buyer's hands since NOW."""
    codes = [f"COAT-{next(_numbers)}" for _ in quantities]
    make_shop(merchant_id, sku_codes=codes)
    lines = [
        make_new_line(
            sku_code=code,
            quantity=quantity,
            unit_price_minor=prices[place] if prices else PRICE,
        )
        for place, (code, quantity) in enumerate(zip(codes, quantities, strict=True))
    ]
    goods = sum(line.quantity * line.unit_price_minor for line in lines)
    total = goods + freight_minor - discount_minor
    order = make_order(
        merchant_id,
        lines=lines,
        freight_minor=freight_minor,
        discount_minor=discount_minor,
        payment=make_payment(amount_minor=total),
        **given,
    )
    document = orders.document_of(order_id=order.id)
    make_collected(merchant_id=merchant_id, document=document, channel="wallet", amount=total)
    for kind in ("shipped", "delivered"):
        order = orders.record_progress(
            merchant_id=merchant_id,
            order_id=order.id,
            line_quantities={line.id: line.quantity for line in order.lines},
            kind=kind,
            now=NOW,
        )
    return Bought(
        merchant_id=merchant_id, order=order, store=make_location(merchant_id=merchant_id).id
    )


def make_stock(bought: Bought, *, sku_code: str = "", on_hand: int = 5) -> int:
    """Stock of what was bought at a place that sends; the place."""
    line = next(
        (line for line in bought.order.lines if line.sku_code == sku_code), bought.order.lines[0]
    )
    level = make_level(merchant_id=bought.merchant_id, on_hand=on_hand, sku_id=line.sku_id)
    return level.location_id


def make_case(
    bought: Bought,
    *,
    units: Mapping[int, int] | None = None,
    now: datetime = LATER,
    **given: Any,
) -> contracts.Case:
    """A return of one unit of the first line because it does not fit, brought to a shop."""
    wanted = units if units is not None else {bought.lines[0]: 1}
    values: dict[str, Any] = {
        "kind": "return",
        "way_back": "shop",
        "reason": "wrong_size",
        "channel": "buyer",
        "key": f"case-{next(_numbers)}",
    }
    return open_case(
        merchant_id=bought.merchant_id,
        new=contracts.NewCase(
            order_id=bought.order.id,
            lines=tuple(
                contracts.NewCaseLine(order_line_id=line, quantity=quantity)
                for line, quantity in wanted.items()
            ),
            **{**values, **given},
        ),
        now=now,
    )


def accept(
    bought: Bought, case: contracts.Case, *, reason: str = "", **said: Any
) -> contracts.Case:
    """Somebody accepts it, as proposed but for what is said."""
    return decide_case(
        merchant_id=bought.merchant_id,
        case_id=case.id,
        decided=contracts.Decided(**said),
        reason=reason,
        now=LATER,
    )


def receive(
    bought: Bought, case: contracts.Case, *, damaged: int = 0, units: int | None = None
) -> contracts.Case:
    """What is still awaited comes to the store, or so many of each line."""
    lines = []
    for line in case.lines:
        left = line.quantity - line.sellable - line.damaged
        came = left if units is None else min(units, left)
        if came:
            lines.append(
                contracts.ReceivedLine(
                    case_line_id=line.id, sellable=came - damaged, damaged=damaged
                )
            )
    return receive_goods(
        merchant_id=bought.merchant_id,
        case_id=case.id,
        location_id=bought.store,
        lines=lines,
        key=f"receipt-{next(_numbers)}",
        now=LATER,
    )


def show_photo(bought: Bought, case: contracts.Case) -> None:
    """The buyer shows what is wrong."""
    evidence.add(
        merchant_id=bought.merchant_id,
        subject=case.subject,
        kind="photo",
        content=PNG,
        name="photo.png",
        taken_at=None,
        geo=None,
        by="buyer:",
        now=LATER,
    )


def grant(merchant_id: int, **terms: Any) -> contracts.Policy:
    """Publish a policy."""
    return publish_policy(
        merchant_id=merchant_id,
        terms=contracts.CasePolicy(**terms),
        reason="new season",
        now=NOW - timedelta(days=1),
    )


def settle_money(bought: Bought) -> None:
    """Providers give back what is under way, and the cases hear of it."""
    for step in RefundStep.objects.of_merchant(bought.merchant_id).filter(state="asked"):
        end_refunds(merchant_id=bought.merchant_id, document=step.document, now=LATER)
        follow_refund(merchant_id=bought.merchant_id, key=step.key, why="", now=LATER)


def given_back(bought: Bought, *, document: str = "") -> int:
    """What has gone back of a document, the order's own unless said."""
    return sum(
        refund.done_minor
        for refund in payments.refunds_of(
            merchant_id=bought.merchant_id, document=document or bought.document
        )
    )


def counted(bought: Bought, line_id: int) -> tuple[int, int, int]:
    """Units in cases, units settled, money settled of a line."""
    row = LineUnits.objects.of_merchant(bought.merchant_id).get(order_line_id=line_id)
    return row.in_cases, row.settled, row.settled_minor


def assert_sound(merchant_id: int) -> None:
    """Nothing is found by what must always hold."""
    assert check_invariants(merchant_id=merchant_id) == []


def owe(bought: Bought, *, remedy: str = "resend", kind: str = "missing", goods: Any = ()) -> int:
    """A term of the order's agreement was broken, and goods are owed for it; the breach."""
    term = agreements.Term(
        number=1,
        kind=kind,  # type: ignore[arg-type]
        params={"report_hours": 720},
        remedy=remedy,  # type: ignore[arg-type]
    )
    return _granted(bought, term, goods=goods)


def compensate(
    bought: Bought, amount_minor: int, *, goods: Any = (), params: Mapping[str, str] | None = None
) -> int:
    """A broken term of the order's agreement has brought the buyer so much; the breach."""
    term = agreements.Term(
        number=1,
        kind="damage",
        params={"report_hours": 720, **(params or {})},
        remedy="compensate",
        amount=agreements.Amount(basis="fixed", value=amount_minor),
    )
    breach_id = _granted(bought, term, goods=goods)
    agreements.try_again(merchant_id=bought.merchant_id, breach_id=breach_id, now=LATER)
    end_refunds(merchant_id=bought.merchant_id, document=bought.document, now=LATER)
    return breach_id


def _granted(bought: Bought, term: agreements.Term, *, goods: Any) -> int:
    made = make_accepted(
        bought.merchant_id,
        document=bought.document,
        terms=(term,),
        total_minor=bought.order.total_minor,
    )
    claimed = claim(bought.merchant_id, made)
    agreements.grant(
        merchant_id=bought.merchant_id, breach_id=claimed.id, answer="确认", goods=goods, now=NOW
    )
    return claimed.id


def hear_of(merchant_id: int, breach_id: int, *, now: datetime = LATER) -> contracts.OwedRemedy:
    """What a broken term owes in goods is heard of."""
    return take_on(merchant_id=merchant_id, breach_id=breach_id, now=now)
