"""Which work at which place a client speaks of when it names lines and stores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from santong.fulfilment import public as fulfilment
from santong.topgateway import errors
from santong.topgateway.errors import Refused

LIST: Final = "sub_order_list"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """One line at one place, as it was named."""

    line_id: int
    location_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedWork:
    """A place's work, and where in the list its lines stand."""

    work: fulfilment.FulfilmentOrder
    positions: tuple[int, ...]

    @property
    def line_ids(self) -> frozenset[int]:
        """The lines of the work that the places send."""
        return frozenset(line.order_line_id for line in self.work.lines)


def named_work(
    *, works: Sequence[fulfilment.FulfilmentOrder], named: Sequence[Named]
) -> list[NamedWork]:
    """The newest work of each named line at its place, oldest work first. Raises Refused."""
    newest_first = sorted(works, key=lambda work: work.id, reverse=True)
    positions_by_work: dict[int, list[int]] = {}
    for position, each in enumerate(named):
        work = next((work for work in newest_first if _has(work, each)), None)
        if work is None:
            why = f"{LIST}[{position}].sub_oid: not at this store"
            raise Refused(errors.INVALID_ARGUMENTS, "isv.sub-order-not-at-store", why)
        positions_by_work.setdefault(work.id, []).append(position)
    return [
        NamedWork(work=work, positions=tuple(positions_by_work[work.id]))
        for work in reversed(newest_first)
        if work.id in positions_by_work
    ]


def refuse_parts(*, found: Sequence[NamedWork], named: Sequence[Named]) -> None:
    """Raises Refused where lines of a place's work are left out: it is done as a whole."""
    for each in found:
        missing = each.line_ids - {named[position].line_id for position in each.positions}
        if missing:
            why = f"{LIST}: the store also has {', '.join(str(line) for line in sorted(missing))}"
            raise Refused(errors.INVALID_ARGUMENTS, "isv.sub-order-incomplete", why)


def _has(work: fulfilment.FulfilmentOrder, named: Named) -> bool:
    return work.location_id == named.location_id and any(
        line.order_line_id == named.line_id for line in work.lines
    )
