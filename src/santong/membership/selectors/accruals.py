"""What purchases brought, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from santong.kernel.errors import NoSuch
from santong.kernel.wire import Statement, array, texts
from santong.membership import contracts
from santong.membership.models import Accrual, AccrualLine, Attribution, ClawBack
from santong.membership.rules.accrual import ALL_RULES, explain
from santong.membership.rules.terms import explained_from_json, inputs_from_json
from santong.membership.selectors.programmes import programme_by_id
from santong.membership.selectors.statements import run
from santong.membership.selectors.terms import terms_by_id

_GIVEN = Statement("""
SELECT a.member_id, a.programme_id, p.rule, sum(p.amount)::bigint,
  coalesce(sum(p.amount) FILTER (WHERE a.bought_on = w.bought_on), 0)::bigint
FROM unnest(%(members)s::bigint[], %(programmes)s::bigint[], %(days)s::date[])
  AS w(member_id, programme_id, bought_on)
JOIN membership_accrual a ON a.merchant_id = %(merchant)s AND a.member_id = w.member_id
  AND a.programme_id = w.programme_id
JOIN membership_accrualline l ON l.merchant_id = a.merchant_id AND l.accrual_id = a.id
CROSS JOIN jsonb_to_recordset(l.points_parts) AS p(rule text, amount bigint)
GROUP BY 1, 2, 3
""")


def accrual_by_key(*, merchant_id: int, source: str, key: str) -> contracts.Accrued:
    """What one purchase brought. Raises NoSuch."""
    row = Accrual.objects.of_merchant(merchant_id).filter(source=source, key=key).first()
    if row is None:
        raise NoSuch(kind="accrual", key=key[:40])
    return accrued_of(merchant_id=merchant_id, row=row)


def accrual_by_id(*, merchant_id: int, accrual_id: int) -> contracts.Accrued:
    """What one purchase brought. Raises NoSuch."""
    row = Accrual.objects.of_merchant(merchant_id).filter(id=accrual_id).first()
    if row is None:
        raise NoSuch(kind="accrual", key=str(accrual_id))
    return accrued_of(merchant_id=merchant_id, row=row)


def is_known_at(
    *,
    merchant_id: int,
    member_id: int,
    location_ids: Collection[int],
    location_codes: Collection[str],
) -> bool:
    """Whether a member was won, or has bought something, at one of some places."""
    won = Attribution.objects.of_merchant(merchant_id).filter(
        member=member_id, location__in=location_ids
    )
    bought = Accrual.objects.of_merchant(merchant_id).filter(
        member=member_id, location_code__in=location_codes
    )
    return won.exists() or bought.exists()


def accruals_of_keys(
    *, merchant_id: int, keys: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], Accrual]:
    """Rows by source and key."""
    keys_by_source: dict[str, list[str]] = defaultdict(list)
    for source, key in keys:
        keys_by_source[source].append(key)
    return {
        (row.source, row.key): row
        for source, named in keys_by_source.items()
        for row in Accrual.objects.of_merchant(merchant_id).filter(source=source, key__in=named)
    }


def accruals_page(
    *,
    merchant_id: int,
    member_id: int,
    programme_ids: Collection[int] | None = None,
    before_id: int,
    limit: int,
) -> list[contracts.Accrued]:
    """What a member's purchases brought, in some programmes or in all of them; newest first."""
    rows = Accrual.objects.of_merchant(merchant_id).filter(member=member_id, id__lt=before_id)
    if programme_ids is not None:
        rows = rows.filter(programme__in=list(programme_ids))
    found = rows.order_by("-id")[:limit]
    return [accrued_of(merchant_id=merchant_id, row=row) for row in found]


def accrual_lines(*, merchant_id: int, accrual_id: int) -> list[contracts.AccruedLine]:
    """What each line of a purchase brought, and which rule gave what."""
    rows = AccrualLine.objects.of_merchant(merchant_id).filter(accrual=accrual_id).order_by("line")
    return [row.as_contract() for row in rows]


def claw_backs_of(*, merchant_id: int, accrual_id: int) -> list[contracts.ClawedBack]:
    """What returns took back of a purchase's points, oldest first."""
    rows = ClawBack.objects.of_merchant(merchant_id).filter(accrual=accrual_id).order_by("id")
    return [row.as_contract() for row in rows]


def replays_the_same(*, merchant_id: int, accrual_id: int) -> bool:
    """Whether the same terms and the same purchase still give what was given. Raises NoSuch."""
    row = Accrual.objects.of_merchant(merchant_id).filter(id=accrual_id).first()
    if row is None:
        raise NoSuch(kind="accrual", key=str(accrual_id))
    terms = terms_by_id(merchant_id=merchant_id, terms_ids=[row.terms_id])[row.terms_id].terms
    basket, used = inputs_from_json(row.inputs)
    again = explain(terms, basket=basket, used=used)
    lines = AccrualLine.objects.of_merchant(merchant_id).filter(accrual=row.id)
    kept = explained_from_json(
        [part for line in lines for part in line.points_parts],
        [part for line in lines for part in line.experience_parts],
    )
    return set(again.points) == set(kept.points) and set(again.experience) == set(kept.experience)


def given_before(
    *, merchant_id: int, asked: Sequence[tuple[int, int, date]]
) -> dict[tuple[int, int], contracts.Used]:
    """What members got in programmes before, by rule: on a day, and ever."""
    rows = run(
        _GIVEN,
        {
            "merchant": merchant_id,
            "members": array([member for member, _, _ in asked]),
            "programmes": array([programme for _, programme, _ in asked]),
            "days": texts([day.isoformat() for _, _, day in asked]),
        },
    )
    day: dict[tuple[int, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    ever: dict[tuple[int, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for member, programme, rule, amount, on_day in rows:
        for name in (rule, ALL_RULES):
            ever[member, programme][name] += amount
            day[member, programme][name] += on_day
    return {pair: contracts.Used(day=dict(day[pair]), member=dict(ever[pair])) for pair in ever}


def accrued_of(*, merchant_id: int, row: Accrual, is_new: bool = False) -> contracts.Accrued:
    """A row as other contexts know it."""
    programme = programme_by_id(merchant_id=merchant_id, programme_id=row.programme_id)
    contract: contracts.Accrued = row.as_contract(programme_code=programme.code, is_new=is_new)
    return contract
