"""Terms that the trades usually promise, as data: a merchant takes them as templates.

Windows count from the day of the offer. Amounts are proposals; nothing holds before it is accepted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from santong.agreements.contracts import Amount, Category, Term

_TWO_DAYS: Final = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A template that can be taken."""

    code: str
    name: str
    category: Category
    terms: tuple[Term, ...]


def _late(kind: str, after: int, days: int, *, basis_points: int, cap_minor: int) -> Term:
    return Term(
        number=1,
        kind=kind,  # type: ignore[arg-type]
        params={"after_days": after, "days": days},
        remedy="compensate",
        amount=Amount(basis="share", value=basis_points, per="day"),
        cap_minor=cap_minor,
    )


PROPOSALS: Final[Mapping[Category, Proposal]] = {
    "furniture": Proposal(
        code="furniture",
        name="家具送装约定",
        category="furniture",
        terms=(
            _late("delivery_window", 15, 3, basis_points=50, cap_minor=50_000),
            _late("install_window", 17, 3, basis_points=50, cap_minor=30_000),
            Term(number=3, kind="damage", params={"report_hours": 72}, remedy="replace"),
            Term(number=4, kind="missing", params={"report_hours": 72}, remedy="resend"),
            Term(
                number=5,
                kind="material",
                params={"text": "木材与面料与合同一致"},
                remedy="refund",
                amount=Amount(basis="share", value=10_000),
            ),
        ),
    ),
    "appliances": Proposal(
        code="appliances",
        name="家电送装约定",
        category="appliances",
        terms=(
            _late("delivery_window", 3, 2, basis_points=100, cap_minor=20_000),
            _late("install_window", 4, 2, basis_points=100, cap_minor=10_000),
            Term(number=3, kind="damage", params={"report_hours": _TWO_DAYS}, remedy="replace"),
            Term(number=4, kind="wrong_item", params={"report_hours": _TWO_DAYS}, remedy="replace"),
        ),
    ),
    "jewellery": Proposal(
        code="jewellery",
        name="珠宝定制约定",
        category="jewellery",
        terms=(
            Term(
                number=1,
                kind="delay",
                params={"what": "ship", "after_days": 30},
                remedy="compensate",
                amount=Amount(basis="share", value=20, per="day"),
                cap_minor=100_000,
            ),
            Term(
                number=2,
                kind="material",
                params={"text": "成色与鉴定证书一致"},
                remedy="refund",
                amount=Amount(basis="share", value=10_000),
            ),
            Term(
                number=3,
                kind="gift",
                params={"text": "首饰盒", "quantity": 1},
                remedy="resend",
            ),
        ),
    ),
    "car_service": Proposal(
        code="car-service",
        name="汽车服务约定",
        category="car_service",
        terms=(
            Term(
                number=1,
                kind="install_window",
                params={"after_days": 1, "days": 1},
                remedy="compensate",
                amount=Amount(basis="fixed", value=5_000),
            ),
            Term(
                number=2,
                kind="material",
                params={"text": "使用原厂或同等品质配件"},
                remedy="refund",
                amount=Amount(basis="share", value=10_000),
            ),
            Term(
                number=3,
                kind="damage",
                params={"report_hours": _TWO_DAYS},
                remedy="compensate",
                amount=Amount(basis="share", value=3_000),
            ),
        ),
    ),
    "beauty": Proposal(
        code="beauty",
        name="美业服务约定",
        category="beauty",
        terms=(
            Term(
                number=1,
                kind="other",
                params={"text": "未消费的次数随时可退"},
                remedy="refund",
                amount=Amount(basis="share", value=10_000),
            ),
            Term(
                number=2,
                kind="material",
                params={"text": "使用备案产品，当面开封"},
                remedy="compensate",
                amount=Amount(basis="share", value=3_000),
            ),
            Term(
                number=3, kind="gift", params={"text": "护理体验", "quantity": 1}, remedy="resend"
            ),
        ),
    ),
}
