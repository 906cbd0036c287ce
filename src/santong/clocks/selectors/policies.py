"""Policies as they hold now, and what each version promised."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from santong.clocks import contracts
from santong.clocks.models import Policy, PolicyVersion
from santong.kernel.errors import NoSuch
from santong.kernel.remembered import Remembered


@dataclass(frozen=True, slots=True)
class Promised:
    """What a version of a policy promises, by which calendars time counts and people are told."""

    code: str
    promise: contracts.Promise
    calendar_id: int
    tell_calendar_id: int


# A version never changes.
_promised: Remembered[tuple[int, int], Promised] = Remembered(seconds=3_600)


def policies(*, merchant_id: int) -> list[contracts.Policy]:
    """Every policy as it holds now, oldest first."""
    rows = Policy.objects.of_merchant(merchant_id).filter(version__gt=0).order_by("id")
    return _policies(merchant_id, list(rows))


def policy_by_code(*, merchant_id: int, code: str) -> contracts.Policy:
    """A policy as it holds now. Raises NoSuch."""
    found = policy_or_none(merchant_id=merchant_id, code=code)
    if found is None:
        raise NoSuch(kind="policy", key=code[: contracts.LONGEST_CODE])
    return found


def policy_or_none(*, merchant_id: int, code: str) -> contracts.Policy | None:
    """A policy as it holds now, if the merchant has one of this code."""
    rows = Policy.objects.of_merchant(merchant_id).filter(code=code, version__gt=0)
    return next(iter(_policies(merchant_id, list(rows))), None)


def promised(*, merchant_id: int, version_ids: Iterable[int]) -> dict[int, Promised]:
    """What versions of policies promise."""
    return {
        version_id: _promised.get(
            (merchant_id, version_id),
            lambda wanted=version_id: _read(merchant_id, wanted),  # type: ignore[misc]
        )
        for version_id in set(version_ids)
    }


def _read(merchant_id: int, version_id: int) -> Promised:
    rows = PolicyVersion.objects.of_merchant(merchant_id).select_related("policy")
    row = rows.get(id=version_id)
    return Promised(
        code=row.policy.code,
        promise=row.as_promise(),
        calendar_id=row.calendar_id,
        tell_calendar_id=row.tell_calendar_id or row.calendar_id,
    )


def _policies(merchant_id: int, rows: Collection[Policy]) -> list[contracts.Policy]:
    found = PolicyVersion.objects.of_merchant(merchant_id).filter(policy__in=rows)
    versions = {
        (row.policy_id, row.version): row
        for row in found.select_related("calendar", "tell_calendar")
    }
    return [_as_contract(row, versions[row.id, row.version]) for row in rows]


def _as_contract(row: Policy, version: PolicyVersion) -> contracts.Policy:
    tell = version.tell_calendar
    return contracts.Policy(
        id=row.id,
        code=row.code,
        name=row.name,
        version=row.version,
        version_id=version.id,
        calendar_code=version.calendar.code,
        tell_calendar_code="" if tell is None else tell.code,
        promise=version.as_promise(),
        is_in_use=row.is_in_use,
    )
