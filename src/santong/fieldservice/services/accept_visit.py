"""The work is accepted: by the buyer's code, by their signature, or by silence."""

from __future__ import annotations

import json
from datetime import datetime

from santong.evidence import public as evidence
from santong.fieldservice import contracts
from santong.fieldservice.errors import CodeNeeded
from santong.fieldservice.events import VisitAccepted
from santong.fieldservice.models import Visit
from santong.fieldservice.rules.terms import SILENCE, is_silent
from santong.fieldservice.selectors.codes import completion_code
from santong.fieldservice.selectors.photos import subject_of
from santong.fieldservice.selectors.visits import WITH
from santong.fieldservice.services.record import check_state, go, locked_visit
from santong.fieldservice.services.try_code import try_code
from santong.kernel import outbox
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing

UNFINISHED = ("parts", "not_finished")
# Nobody was there, and another trip took its place: it finishes what the missed one had to.
MISSED = "missed"
LONGEST_SIGNED = 80


@all_or_nothing
def accept_by_code(
    *, merchant_id: int, visit_id: int, code: str, now: datetime
) -> contracts.CodeTried:
    """The buyer's code was typed: the work is accepted. A wrong one is an answer, and counted.

    Raises NoSuch, VisitPassed. Emits VisitAccepted. Locks the visit.
    """
    visit = locked_visit(merchant_id=merchant_id, visit_id=visit_id)
    if visit.state == "accepted":
        return contracts.CodeTried(is_right=True)
    check_state(visit, ["done"], wanted="done")
    tried = try_code(
        merchant_id=merchant_id,
        subject=f"completion/{visit_id}",
        typed=code,
        right=completion_code(merchant_id=merchant_id, visit_id=visit_id),
        now=now,
    )
    if tried.is_right:
        _accept(visit, "buyer_code", now)
    return tried


@all_or_nothing
def accept_by_signature(
    *,
    merchant_id: int,
    visit_id: int,
    drawn: evidence.Upload | None,
    written: str,
    on: contracts.Side,
    now: datetime,
) -> contracts.Visit:
    """The buyer has signed, drawn or by writing the name: on their page, or on the technician's.

    Where the service asks for the code, only the buyer's own page takes a signature without it.

    Raises NoSuch, VisitPassed, CodeNeeded, FieldInvalid. Emits VisitAccepted. Locks the visit.
    """
    visit = locked_visit(merchant_id=merchant_id, visit_id=visit_id)
    if visit.state == "accepted":
        return visit.as_contract()
    check_state(visit, ["done"], wanted="done")
    if visit.service_type.needs_code and on == "technician":
        raise CodeNeeded(visit_id=str(visit_id))
    signed = drawn or _written(visit, written, now)
    evidence.add_all(
        merchant_id=merchant_id, subject=subject_of(visit_id), uploads=[signed], by="buyer", now=now
    )
    _accept(visit, "signature", now)
    return visit.as_contract()


@all_or_nothing
def accept_silent(*, merchant_id: int, limit: int, now: datetime) -> int:
    """Accept what was reported done 48 hours ago, and nobody said anything to.

    What another trip has to finish waits for that one. Emits VisitAccepted. Locks the visits,
    but for those that somebody is busy with.
    """
    rows = (
        Visit.objects.of_merchant(merchant_id)
        .filter(state="done", done_at__lte=now - SILENCE)
        .exclude(id__in=_waits_for_another(merchant_id))
        .select_related(*WITH)
        .select_for_update(of=("self",), no_key=True, skip_locked=True)
        .order_by("id")[:limit]
    )
    accepted = 0
    for visit in rows:
        assert visit.done_at is not None
        assert is_silent(done_at=visit.done_at, now=now)
        _accept(visit, "silence", now)
        accepted += 1
    return accepted


def _waits_for_another(merchant_id: int) -> list[int]:
    """Visits that another trip has to finish: it is still to come, however often it was missed."""
    rows = Visit.objects.of_merchant(merchant_id).filter(
        follow_reason__in=(*UNFINISHED, MISSED), follows__state__in=["done", "missed"]
    )
    rows = rows.exclude(state__in=["accepted", "cancelled"])
    after = {
        follows: (visit_id, state, reason)
        for follows, visit_id, state, reason in rows.values_list(
            "follows_id", "id", "state", "follow_reason"
        )
    }

    def is_to_come(visit_id: int) -> bool:
        other, state, _ = after.get(visit_id, (0, "", ""))
        return bool(other) and (state != "missed" or is_to_come(other))

    return [
        follows
        for follows, (_, _, reason) in after.items()
        if reason in UNFINISHED and is_to_come(follows)
    ]


def _accept(visit: Visit, by: contracts.AcceptedBy, now: datetime) -> None:
    """Accept a visit, and with it those that it finished."""
    _mark(visit, by, now)
    assert visit.technician_id is not None
    outbox.publish(
        VisitAccepted(
            visit_id=visit.id,
            document=visit.document,
            service_type=visit.service_type.code,
            provider_code=visit.provider.code if visit.provider else "",
            technician_id=visit.technician_id,
            accepted_by=by,
            accepted_at=now,
            is_preparation=visit.service_type.is_preparation,
        ),
        now=now,
    )
    before = visit
    while before.follows_id is not None and before.follow_reason in (*UNFINISHED, MISSED):
        before = locked_visit(merchant_id=visit.merchant_id, visit_id=before.follows_id)
        if before.state == "done":
            _mark(before, by, now)


def _mark(visit: Visit, by: contracts.AcceptedBy, now: datetime) -> None:
    visit.accepted_at, visit.accepted_by = now, by
    go(visit, "accepted", action="accept", reason=f"accepted by {by}", now=now)


def _written(visit: Visit, written: str, now: datetime) -> evidence.Upload:
    """A name that was typed where nothing can be drawn, as a paper of its own."""
    name = written.strip()
    if not name or len(name) > LONGEST_SIGNED:
        raise FieldInvalid(pointer="/written", reason=f"1 to {LONGEST_SIGNED} characters")
    said = {
        "visit": visit.id,
        "document": visit.document,
        "signed_as": name,
        "signed_at": now.isoformat(),
    }
    content = json.dumps(said, ensure_ascii=False, indent=2).encode()
    return evidence.Upload(kind="document", name="signed.json", content=content)
