"""Payout runs and their lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import Count, Sum

from santong.kernel.errors import NoSuch
from santong.settlement import contracts
from santong.settlement.models import PayoutLine, PayoutRun
from santong.settlement.rules.limits import limits_from_json


def payout_run(*, merchant_id: int, run_id: int) -> contracts.PayoutRun:
    """One run, with how many of its lines are where. Raises NoSuch."""
    row = PayoutRun.objects.of_merchant(merchant_id).filter(id=run_id).first()
    if row is None:
        raise NoSuch(kind="payout run", key=str(run_id))
    return _runs([row])[0]


def payout_runs_page(
    *,
    merchant_id: int,
    state: contracts.RunState | None = None,
    below_id: int | None = None,
    limit: int = 50,
) -> list[contracts.PayoutRun]:
    """Runs, newest first."""
    rows = PayoutRun.objects.of_merchant(merchant_id)
    if state is not None:
        rows = rows.filter(state=state)
    if below_id is not None:
        rows = rows.filter(id__lt=below_id)
    return _runs(rows.order_by("-id")[:limit])


def payout_lines_page(
    *,
    merchant_id: int,
    run_id: int,
    state: contracts.PayoutState | None = None,
    below_id: int | None = None,
    limit: int = 50,
) -> list[contracts.PayoutLine]:
    """Lines of a run, newest first."""
    rows = PayoutLine.objects.of_merchant(merchant_id).filter(run=run_id)
    if state is not None:
        rows = rows.filter(state=state)
    if below_id is not None:
        rows = rows.filter(id__lt=below_id)
    return [_line(row) for row in rows.select_related("party", "run").order_by("-id")[:limit]]


def payout_lines_of_party(
    *, merchant_id: int, party_id: int, below_id: int | None = None, limit: int = 50
) -> list[contracts.PayoutLine]:
    """What a party was sent, or was to be sent, newest first."""
    rows = PayoutLine.objects.of_merchant(merchant_id).filter(party=party_id)
    if below_id is not None:
        rows = rows.filter(id__lt=below_id)
    return [_line(row) for row in rows.select_related("party", "run").order_by("-id")[:limit]]


def in_transit_of_parties(
    *, merchant_id: int, party_ids: Collection[int], currency: str
) -> dict[int, int]:
    """What was sent to parties and has not arrived yet."""
    rows = PayoutLine.objects.of_merchant(merchant_id).filter(
        party__in=list(party_ids), state="sent", run__currency=currency
    )
    sums = rows.values_list("party").annotate(total=Sum("amount_minor"))
    return dict.fromkeys(party_ids, 0) | {party: int(total) for party, total in sums}


def payout_line(*, merchant_id: int, line_id: int) -> contracts.PayoutLine:
    """One line. Raises NoSuch."""
    rows = PayoutLine.objects.of_merchant(merchant_id).filter(id=line_id)
    row = rows.select_related("party", "run").first()
    if row is None:
        raise NoSuch(kind="payout line", key=str(line_id))
    return _line(row)


def drafting_runs(*, merchant_id: int) -> list[int]:
    """Runs whose draft is not complete, oldest first."""
    rows = PayoutRun.objects.of_merchant(merchant_id).filter(state="drafting")
    return list(rows.order_by("id").values_list("id", flat=True))


def _runs(rows: Iterable[PayoutRun]) -> list[contracts.PayoutRun]:
    """Runs of one merchant, with how many lines of each are where: counted for all at once."""
    found = list(rows)
    if not found:
        return []
    counted = (
        PayoutLine.objects.of_merchant(found[0].merchant_id)
        .filter(run__in=[row.id for row in found])
        .values_list("run", "state")
        .annotate(lines=Count("id"))
        .order_by("run", "state")
    )
    lines_by_state: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for run_id, state, lines in counted:
        lines_by_state[run_id].append((state, lines))
    return [
        row.as_contract(
            limits=limits_from_json(row.limits), lines_by_state=tuple(lines_by_state[row.id])
        )
        for row in found
    ]


def _line(row: PayoutLine) -> contracts.PayoutLine:
    state: contracts.PayoutState = row.state  # type: ignore[assignment]
    return contracts.PayoutLine(
        id=row.id,
        run_id=row.run_id,
        party_id=row.party_id,
        party_code=row.party.code,
        number=row.number,
        state=state,
        amount_minor=row.amount_minor,
        currency=row.run.currency,
        attempts=row.attempts,
        transfer_id=row.transfer_id,
        tender_id=row.tender_id,
        is_last_share=row.is_last_share,
        why=row.why,
        send_at=row.send_at,
        ended_at=row.ended_at,
    )
