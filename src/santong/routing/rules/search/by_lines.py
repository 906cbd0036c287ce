"""Exact for few lines among any number of places.

A plan cuts the lines into blocks, one parcel each. For every block only its cheapest place
matters, so the best plan is the best cut over 2^lines blocks, however many places there are.
"""

from collections.abc import Sequence
from typing import NamedTuple

from santong.routing.rules.problem import Limits, Plan, Problem, Take, plan_of

LINES_MAX = 8


class Block(NamedTuple):
    """The cheapest parcel with exactly these lines."""

    score: int
    place: int


class Cut(NamedTuple):
    """The cheapest way to send a set of lines, as its first block and the lines left to cut."""

    score: int
    first: int
    rest: "Cut | None"


def best_plan(*, problem: Problem, limits: Limits) -> Plan:
    """The best plan of all. No need may be divisible, and each must fit some place."""
    lines = len(problem.quantities)
    blocks = _cheapest_blocks(problem, lines)
    cut = _cheapest_cuts(blocks)[-1]
    assert cut, "every need fits some place"
    if not limits.allows(_parcels(cut)):
        cut = _within_limits(problem, blocks, limits)
    return plan_of(problem=problem, takes=_takes(problem, blocks, cut))


def _cheapest_blocks(problem: Problem, lines: int) -> list[Block | None]:
    """By bit set of lines; None where no single place holds them all. First place wins a tie."""
    blocks: list[Block | None] = [None] * (1 << lines)
    for place, line_scores in enumerate(problem.line_scores):
        parcel = problem.parcel_scores[place]
        sums: list[tuple[int, int]] = [(0, parcel)]
        for line, line_score in enumerate(line_scores):
            if line_score is None:
                continue
            bit = 1 << line
            more = [(lines_in | bit, score + line_score) for lines_in, score in sums]
            for lines_in, score in more:
                best = blocks[lines_in]
                if best is None or score < best.score:
                    blocks[lines_in] = Block(score, place)
            sums += more
    return blocks


def _cheapest_cuts(blocks: Sequence[Block | None]) -> list[Cut | None]:
    cuts: list[Cut | None] = [None] * len(blocks)
    for lines_in in range(1, len(blocks)):
        lowest = lines_in & -lines_in
        others = lines_in ^ lowest
        whole = blocks[lines_in]
        best = None if whole is None else Cut(whole.score, lines_in, None)
        left = others
        while left:
            block, cut = blocks[lines_in ^ left], cuts[left]
            if block and cut and (best is None or block.score + cut.score < best.score):
                best = Cut(block.score + cut.score, lines_in ^ left, cut)
            left = (left - 1) & others
        cuts[lines_in] = best
    return cuts


def _within_limits(problem: Problem, blocks: Sequence[Block | None], limits: Limits) -> Cut | None:
    """The best cut into as many blocks as are allowed, or into as few more as fill everything."""
    assert limits.parcels_max is not None
    cuts: list[Cut | None] = [None] * len(blocks)
    for parcels in range(1, len(problem.quantities) + 1):
        cuts = _one_more_block(blocks, cuts)
        if parcels < limits.parcels_max:
            continue
        if cuts[-1] or not limits.gives_way:
            break
    return cuts[-1] or _fullest(problem, cuts)


def _one_more_block(blocks: Sequence[Block | None], cuts: Sequence[Cut | None]) -> list[Cut | None]:
    """The cheapest cuts with at most one block more than `cuts` have."""
    longer: list[Cut | None] = [None] * len(blocks)
    for lines_in in range(1, len(blocks)):
        whole = blocks[lines_in]
        best = None if whole is None else Cut(whole.score, lines_in, None)
        left = (lines_in - 1) & lines_in
        while left:
            block, cut = blocks[lines_in ^ left], cuts[left]
            if block and cut and (best is None or block.score + cut.score < best.score):
                best = Cut(block.score + cut.score, lines_in ^ left, cut)
            left = (left - 1) & lines_in
        longer[lines_in] = best
    return longer


def _fullest(problem: Problem, cuts: Sequence[Cut | None]) -> Cut | None:
    """The cut that fills most units, the cheapest of those."""
    best: Cut | None = None
    most = 0
    for lines_in, cut in enumerate(cuts):
        if cut is None:
            continue
        units = sum(
            quantity for line, quantity in enumerate(problem.quantities) if lines_in >> line & 1
        )
        if best is None or (-units, cut.score) < (-most, best.score):
            best, most = cut, units
    return best


def _parcels(cut: Cut | None) -> int:
    return 0 if cut is None else 1 + _parcels(cut.rest)


def _takes(problem: Problem, blocks: Sequence[Block | None], cut: Cut | None) -> list[Take]:
    takes: list[Take] = []
    while cut:
        block = blocks[cut.first]
        assert block
        for need, quantity in enumerate(problem.quantities):
            if cut.first >> need & 1:
                takes.append(Take(block.place, need, quantity))
        cut = cut.rest
    return sorted(takes, key=lambda take: take.need)
