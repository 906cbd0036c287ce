from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from santong.customers import public as customers
from santong.kernel import cells, jobs, tenancy
from santong.membership import public as membership
from santong.merchants import public as merchants
from santong.simulation.contracts import Bars
from santong.simulation.rules.purchases.plan import Plan
from santong.simulation.rules.purchases.tables import History

PROGRAMME = "shop"
POOL = "shop"
SOURCE = "replay"
AT_ONCE = 200


def open_purchases_merchant(*, code: str, history: History, plan: Plan, now: datetime) -> int:
    """Enter a merchant with one brand, its programme and the plan's terms; gives its id.

    Its scheduled jobs are paused: days will pass for it faster than for others.

    Emits what opening them emits. Raises what registering a merchant raises where the code is
    taken.
    """
    with transaction.atomic():
        merchant_id = cells.register_merchant(code=code, cell=cells.all_cells()[0])
        with tenancy.scope(merchant_id=merchant_id):
            merchants.open_merchant(
                merchant_id=merchant_id,
                code=code,
                name=f"{history.name} {code}",
                currency=history.currency,
                timezone=plan.terms.timezone,
                language="en",
                now=now,
            )
            jobs.pause_jobs(merchant_id=merchant_id, reason="its past is replayed", now=now)
            brand = merchants.create_brand(
                merchant_id=merchant_id, code=PROGRAMME, name=history.name, now=now
            )
            membership.open_pool(merchant_id=merchant_id, code=POOL, name=history.name, now=now)
            membership.publish_pool_terms(
                merchant_id=merchant_id,
                pool_code=POOL,
                breakage_minor_per_1000=0,
                reason="opening",
                now=now,
            )
            membership.open_programme(
                merchant_id=merchant_id,
                code=PROGRAMME,
                name=history.name,
                brand_id=brand.id,
                pool_code=POOL,
                now=now,
            )
            membership.publish_terms(
                merchant_id=merchant_id,
                programme_code=PROGRAMME,
                terms=plan.terms,
                reason="replay",
                now=now,
            )
    return merchant_id


def enrol_buyers(
    *, merchant_id: int, history: History, bars: Bars, now: datetime
) -> Mapping[str, int]:
    """Make everybody who bought anything a member; gives their ids by the files' own names.

    Emits MemberJoined for each. Locks persons and members.
    """
    names = sorted({basket.member for basket in history.baskets})
    progress = bars("会员 members", len(names))
    member_by_name: dict[str, int] = {}
    for start in range(0, len(names), AT_ONCE):
        part = names[start : start + AT_ONCE]
        with tenancy.scope(merchant_id=merchant_id):
            for name in part:
                joined = membership.join(
                    merchant_id=merchant_id,
                    programme_code=PROGRAMME,
                    identifiers=[customers.Identifier("card", name, PROGRAMME)],
                    profile=None,
                    source=membership.JoinSource(kind="import", channel=SOURCE),
                    card_number=name,
                    now=now,
                )
                member_by_name[name] = joined.member.id
        progress(len(part))
    return member_by_name
