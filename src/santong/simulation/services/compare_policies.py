from __future__ import annotations

from santong.simulation.contracts import Bars
from santong.simulation.rules.replay.compare import (
    as_it_was,
    cost_minor_of_common_orders,
    outcome_of,
)
from santong.simulation.rules.replay.freight import FreightRates
from santong.simulation.rules.replay.policies import (
    AsSold,
    NearestPerLine,
    Policy,
    RuleEngine,
)
from santong.simulation.rules.replay.priced import DualPrices, Myopic, Numbers, bound_milli
from santong.simulation.rules.replay.world import World
from santong.simulation.rules.report.contents import Comparison


def compare_policies(*, world: World, rates: FreightRates, bars: Bars) -> Comparison:
    """Let every policy decide the same orders on the same stock, in memory."""
    numbers = Numbers(world=world)
    policies: list[Policy] = [
        AsSold(),
        NearestPerLine(world),
        RuleEngine(world),
        Myopic(world, rates, numbers),
        DualPrices(world, rates, numbers),
    ]
    progress = bars("策略 policies", len(policies) * len(world.orders))
    outcomes = tuple(
        outcome_of(policy=policy, world=world, rates=rates, progress=progress)
        for policy in policies
    )
    common_orders, common_cost_minor = cost_minor_of_common_orders(outcomes=outcomes)
    return Comparison(
        as_it_was=as_it_was(world=world, rates=rates),
        outcomes=outcomes,
        common_orders=common_orders,
        common_cost_minor=common_cost_minor,
        bound_milli=bound_milli(
            world=world,
            rates=rates,
            numbers=numbers,
            unfilled=outcomes[-1].pieces - outcomes[-1].pieces_sent,
        ),
    )
