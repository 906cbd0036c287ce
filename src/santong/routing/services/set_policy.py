"""Say what a merchant's parcels cost and how far its orders may be split."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.http.etags import refuse_moved
from santong.kernel.tenancy import all_or_nothing
from santong.routing import contracts
from santong.routing.models import RoutingPolicy
from santong.routing.rules.defaults import DEFAULT_LIMIT, DEFAULT_TARIFF
from santong.routing.rules.tariffs import check_policy
from santong.routing.selectors.policies import forget_policy


@all_or_nothing
def set_policy(
    *,
    merchant_id: int,
    tariff: contracts.Tariff,
    limit: contracts.SplitLimit,
    expected_version: int,
    now: datetime,
) -> contracts.RoutingPolicy:
    """Put a policy in place of the one that the caller saw; the same again changes nothing.

    A merchant that has said nothing is at version 0. Orders are routed by the new policy at once
    in this process, within five seconds in others; decisions keep the tariff that they were taken
    by. Raises VersionMoved, FieldInvalid. Locks the policy.
    """
    check_policy(tariff=tariff, limit=limit)
    row = _locked(merchant_id, now)
    refuse_moved(expected=expected_version, version=row.version)
    before = {"tariff": row.tariff, "limit": row.limit}
    after = {"tariff": tariff.as_json(), "limit": limit.as_json()}
    if row.version and before == after:
        return row.as_contract()
    row.tariff, row.limit = after["tariff"], after["limit"]
    row.version += 1
    row.changed_at = now
    row.save(update_fields=["tariff", "limit", "version", "changed_at"])
    forget_policy()
    audit.record(
        audit.Change(
            action="routing.set_policy",
            subject="routing_policy",
            subject_id=row.id,
            reason="changed",
            before=before,
            after=after,
        ),
        now=now,
    )
    return row.as_contract()


def _locked(merchant_id: int, now: datetime) -> RoutingPolicy:
    """The merchant's row. Two who write the first policy meet at it, as at any later one."""
    RoutingPolicy.objects.bulk_create(
        [
            RoutingPolicy(
                merchant_id=merchant_id,
                tariff=DEFAULT_TARIFF.as_json(),
                limit=DEFAULT_LIMIT.as_json(),
                version=0,
                changed_at=now,
            )
        ],
        ignore_conflicts=True,
    )
    row: RoutingPolicy = RoutingPolicy.objects.of_merchant(merchant_id).lock().get()
    return row
