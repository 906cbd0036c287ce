"""What becomes of invoices when money of their sale goes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from santong.invoicing.contracts import State
from santong.kernel.money import spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What one blue invoice covers of one line of a sale."""

    invoice_id: int
    state: State
    line: str
    left_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is taken off requests that have not left, and what red invoices take back.

    Both by invoice, then by line.
    """

    cuts: Mapping[int, Mapping[str, int]]
    reds: Mapping[int, Mapping[str, int]]


def plan(*, room_by_line: Mapping[str, int], covers: Sequence[Cover]) -> Plan:
    """Take back what invoices cover beyond the room that is left, and nothing else.

    Requests that have not left are cut first, the newest first; then what was sent or issued is
    followed by red ones. A sent one waits for its answer: its red one leaves after it.
    """
    cuts: dict[int, dict[str, int]] = {}
    reds: dict[int, dict[str, int]] = {}
    for line, room in room_by_line.items():
        here = [cover for cover in covers if cover.line == line and cover.left_minor]
        beyond = sum(cover.left_minor for cover in here) - room
        for cover in sorted(here, key=lambda c: (c.state != "requested", -c.invoice_id)):
            taken = min(max(beyond, 0), cover.left_minor)
            if not taken:
                continue
            beyond -= taken
            into = cuts if cover.state == "requested" else reds
            into.setdefault(cover.invoice_id, {})[line] = taken
    return Plan(cuts=cuts, reds=reds)


def returned_by_line(
    *,
    payable_by_line: Mapping[str, int],
    kept_by_line: Mapping[str, tuple[int, int]],
    known_by_line: Mapping[str, int],
    refunded_minor: int,
) -> dict[str, int]:
    """What of each line has gone back or has to: what was cancelled, and what was refunded beyond.

    `kept_by_line` counts units that are kept, and units that are not. What is known already never
    becomes less. A refund that no cancellation explains is spread over what is left.
    """
    returned = {
        line: max(
            known_by_line.get(line, 0),
            payable - spread(payable, over=kept_by_line.get(line, (1, 0)))[0],
        )
        for line, payable in payable_by_line.items()
    }
    left = {line: payable - returned[line] for line, payable in payable_by_line.items()}
    beyond = max(0, min(refunded_minor - sum(returned.values()), sum(left.values())))
    for line, more in zip(left, spread(beyond, over=list(left.values())), strict=True):
        returned[line] += more
    return returned
