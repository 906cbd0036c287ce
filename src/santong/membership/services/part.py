"""A merge of two persons was a mistake: their members are two again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from santong.kernel import audit, outbox
from santong.kernel.tenancy import all_or_nothing
from santong.membership.events import MembersParted
from santong.membership.models import Binding, Card, Member, MemberMerge
from santong.membership.services.fold_points import unfold_points
from santong.membership.services.lock import lock_members, lock_persons
from santong.membership.services.unite import settle, unite_locked


@all_or_nothing
def part(*, merchant_id: int, merge_id: int, now: datetime) -> None:
    """Give each member back exactly what was theirs before a merge; asked again, nothing happens.

    What came after it stays with the member who carried on. Merges that came later and touch the
    same members are undone first and done again afterwards, so any order of undoing is as good.

    Emits MembersParted, and MembersMerged for what is done again. Locks persons, then members.
    """
    record = _record(merchant_id, merge_id)
    if record is None:
        return
    later = _later(record)
    every = [record, *later]
    persons = {each.before[side] for each in every for side in ("kept_person", "gone_person")}
    lock_persons(merchant_id=merchant_id, person_ids=persons)
    lock_members(merchant_id=merchant_id, member_ids=sorted(_members(every)))
    record = _record(merchant_id, merge_id)
    if record is None:
        return
    later = _later(record)
    for each in reversed([record, *later]):
        _undo(each, now=now)
    for each in later:
        unite_locked(
            each,
            kept_person_id=each.before["kept_person"],
            gone_person_id=each.before["gone_person"],
            now=now,
        )


def _record(merchant_id: int, merge_id: int) -> MemberMerge | None:
    rows = MemberMerge.objects.of_merchant(merchant_id).filter(undone_at=None)
    found: MemberMerge | None = rows.filter(merge_id=merge_id).first()
    return found


def _later(record: MemberMerge) -> list[MemberMerge]:
    """Merges after this one that hang on its members, in their order."""
    rows = MemberMerge.objects.of_merchant(record.merchant_id).filter(undone_at=None)
    found: list[MemberMerge] = []
    touched = _members([record])
    for each in rows.filter(merge_id__gt=record.merge_id).order_by("merge_id"):
        if _members([each]) & touched:
            found.append(each)
            touched |= _members([each])
    return found


def _members(records: Sequence[MemberMerge]) -> set[int]:
    ids = {each.kept_id for each in records} | {each.gone_id for each in records}
    return {member_id for member_id in ids if member_id is not None}


def _undo(record: MemberMerge, *, now: datetime) -> None:
    rows = Member.objects.of_merchant(record.merchant_id)
    kept = rows.get(id=record.kept_id)
    if record.gone_id is None:
        kept.person_id = record.before["gone_person"]
        kept.changed_at = now
        kept.save(update_fields=["person_id", "changed_at"])
    else:
        _give_back(record, kept, rows.get(id=record.gone_id), now)
    record.undone_at = now
    record.save()


def _give_back(record: MemberMerge, kept: Member, gone: Member, now: datetime) -> None:
    before = record.before
    if kept.person_id != before["kept"]["person_id"]:
        kept.person_id = before["kept"]["person_id"]
        kept.save(update_fields=["person_id"])
    gone.person_id, gone.state = before["gone"]["person_id"], before["gone"]["state"]
    gone.changed_at = now
    gone.save(update_fields=["person_id", "state", "changed_at"])
    cards = Card.objects.of_merchant(record.merchant_id).filter(member=kept)
    for card_id, state in before["cards"]:
        cards.filter(id=card_id).update(member=gone, state=state)
    bindings = Binding.objects.of_merchant(record.merchant_id).filter(member=kept)
    bindings.filter(id__in=before["bindings"]).update(member=gone)
    settle(kept, now=now)
    unfold_points(merchant_id=record.merchant_id, txn_ids=before["txns"], now=now)
    audit.record(
        audit.Change(
            action="membership.part",
            subject="member",
            subject_id=gone.id,
            reason="the merge is undone",
            before={"state": "merged", "kept_id": kept.id, "merge_id": record.merge_id},
            after={"state": gone.state},
        ),
        now=now,
    )
    outbox.publish(
        MembersParted(kept_id=kept.id, gone_id=gone.id, merge_id=record.merge_id), now=now
    )
