"""Two persons were one: so are their members."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from santong.kernel import audit, outbox
from santong.kernel.tenancy import all_or_nothing
from santong.membership.events import MembersMerged
from santong.membership.models import Binding, Card, Member, MemberMerge
from santong.membership.rules.uniting import Held, Side, carried_state, in_order, state_of
from santong.membership.services.fold_points import fold_points
from santong.membership.services.lock import lock_members, lock_persons


@all_or_nothing
def unite(
    *,
    merchant_id: int,
    merge_id: int,
    kept_person_id: int,
    gone_person_id: int,
    now: datetime,
) -> None:
    """Make one member of those of two persons who are one; asked again, nothing more happens.

    The older member carries on, or the one who has not left. Cards and bindings move there; a
    second card of a programme only leads there by its number. What was before is kept, so that it
    can be given back exactly. Points follow by `fold_points`.

    Emits MembersMerged. Locks both persons, then both members.
    """
    lock_persons(merchant_id=merchant_id, person_ids=[kept_person_id, gone_person_id])
    merges = MemberMerge.objects.of_merchant(merchant_id)
    record = merges.filter(merge_id=merge_id).first()
    if record is None:
        record = MemberMerge(merchant_id=merchant_id, merge_id=merge_id, merged_at=now)
        unite_locked(record, kept_person_id=kept_person_id, gone_person_id=gone_person_id, now=now)


def unite_locked(
    record: MemberMerge, *, kept_person_id: int, gone_person_id: int, now: datetime
) -> None:
    """Do what one merge does, and keep what was before in its record. The persons are locked."""
    of_person = _locked(record.merchant_id, kept_person_id, gone_person_id)
    gone = of_person.get(gone_person_id)
    if gone is None:
        return
    kept = of_person.get(kept_person_id)
    persons = {"kept_person": kept_person_id, "gone_person": gone_person_id}
    if kept is None:
        _change(gone, person_id=kept_person_id, now=now)
        record.kept, record.gone, record.before = gone, None, persons
    else:
        first, second = in_order(_side(kept), _side(gone))
        by_id = {kept.id: kept, gone.id: gone}
        record.kept, record.gone = by_id[first.member_id], by_id[second.member_id]
        record.before = {
            **persons,
            **_carry(record.kept, record.gone, kept_person_id, now),
            "txns": [],
            "round": record.before.get("round", 0) + 1,
        }
        fold(record, now=now)
        _tell(record, now)
    record.undone_at = None
    record.save()


def fold(record: MemberMerge, *, now: datetime) -> None:
    """Let points follow to the member who carries on, and keep by which transactions."""
    assert record.gone_id is not None
    done: list[int] = record.before["txns"]
    done += fold_points(
        merchant_id=record.merchant_id,
        from_member_id=record.gone_id,
        to_member_id=record.kept_id,
        key=f"{record.merge_id}.{record.before['round']}.{len(done)}",
        now=now,
    )


def settle(member: Member, *, now: datetime) -> None:
    """Give a member the state that the cards say."""
    cards = Card.objects.of_merchant(member.merchant_id).filter(member=member)
    states = [_held(card).state for card in cards]
    wanted = state_of(states, before=_side(member).state)
    if member.state != wanted:
        _change(member, state=wanted, now=now)


def _locked(merchant_id: int, *person_ids: int) -> dict[int, Member]:
    rows = Member.objects.of_merchant(merchant_id).filter(person_id__in=person_ids)
    ids = list(rows.exclude(state="merged").values_list("id", flat=True))
    lock_members(merchant_id=merchant_id, member_ids=ids)
    return {row.person_id: row for row in rows.filter(id__in=ids).exclude(state="merged")}


def _carry(kept: Member, gone: Member, person_id: int, now: datetime) -> dict[str, Any]:
    """Move everything from one to the other; give what was before."""
    merchant_id = kept.merchant_id
    before = {
        side: {"person_id": member.person_id, "state": member.state}
        for side, member in (("kept", kept), ("gone", gone))
    }
    cards = Card.objects.of_merchant(merchant_id)
    taken = {
        held.programme_id
        for held in map(_held, cards.filter(member=kept))
        if held.state != "merged"
    }
    moved = sorted(map(_held, cards.filter(member=gone)), key=lambda held: held.card_id)
    for held in moved:
        state = carried_state(held, taken=taken, kept_state=_side(kept).state)
        cards.filter(id=held.card_id).update(member=kept, state=state)
    bindings = Binding.objects.of_merchant(merchant_id).filter(member=gone)
    bound = sorted(bindings.values_list("id", flat=True))
    bindings.update(member=kept)
    # Before the other becomes this person: a person is one member at any moment.
    _change(gone, state="merged", now=now)
    if kept.person_id != person_id:
        _change(kept, person_id=person_id, now=now)
    settle(kept, now=now)
    return {
        **before,
        "cards": [[held.card_id, held.state] for held in moved],
        "bindings": bound,
    }


def _change(member: Member, *, now: datetime, **values: Any) -> None:
    for name, value in values.items():
        setattr(member, name, value)
    member.changed_at = now
    member.save(update_fields=[*values, "changed_at"])


def _side(member: Member) -> Side:
    contract = member.as_contract(cards=())
    return Side(contract.id, contract.state, contract.joined_at)


def _held(card: Card) -> Held:
    contract = card.as_contract(programme_code="")
    return Held(contract.id, contract.programme_id, contract.state)


def _tell(record: MemberMerge, now: datetime) -> None:
    assert record.gone_id is not None
    audit.record(
        audit.Change(
            action="membership.unite",
            subject="member",
            subject_id=record.gone_id,
            reason="two persons are one",
            before={"state": record.before["gone"]["state"]},
            after={"state": "merged", "kept_id": record.kept_id, "merge_id": record.merge_id},
        ),
        now=now,
    )
    outbox.publish(
        MembersMerged(kept_id=record.kept_id, gone_id=record.gone_id, merge_id=record.merge_id),
        now=now,
    )
