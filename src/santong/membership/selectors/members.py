"""Members with their cards."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from santong.kernel.errors import NoSuch
from santong.membership import contracts
from santong.membership.models import Attribution, Card, Member, MemberMerge
from santong.membership.selectors.programmes import programme_by_id

# A merge of a merge of a merge: nobody is followed further.
MOST_MERGES = 16


def member_by_id(*, merchant_id: int, member_id: int) -> contracts.Member:
    """One member; a merged one is still found by its old id, in its state. Raises NoSuch."""
    found = members_by_id(merchant_id=merchant_id, member_ids=[member_id])
    if member_id not in found:
        raise NoSuch(kind="member", key=str(member_id))
    return found[member_id]


def members_by_id(*, merchant_id: int, member_ids: Collection[int]) -> dict[int, contracts.Member]:
    """Members by id; ids of nobody are left out."""
    rows = Member.objects.of_merchant(merchant_id).filter(id__in=list(member_ids))
    return {member.id: member for member in _with_cards(merchant_id, rows)}


def member_of_person(*, merchant_id: int, person_id: int) -> contracts.Member | None:
    """The member that a person is, if they are one."""
    found = members_of_persons(merchant_id=merchant_id, person_ids=[person_id])
    return found.get(person_id)


def members_of_persons(
    *, merchant_id: int, person_ids: Collection[int]
) -> dict[int, contracts.Member]:
    """Members by the person that they are."""
    rows = (
        Member.objects.of_merchant(merchant_id)
        .filter(person_id__in=list(person_ids))
        .exclude(state="merged")
    )
    return {member.person_id: member for member in _with_cards(merchant_id, rows)}


def member_ids_of_persons(*, merchant_id: int, person_ids: Collection[int]) -> list[int]:
    """Every member that some persons ever were, also those who were merged; oldest first."""
    rows = Member.objects.of_merchant(merchant_id).filter(person_id__in=list(person_ids))
    return list(rows.order_by("id").values_list("id", flat=True))


def members_of_card(*, merchant_id: int, number: str) -> list[contracts.Member]:
    """Whom a card number finds; two programmes may have given out the same one."""
    ids = Card.objects.of_merchant(merchant_id).filter(number=number).values_list("member_id")
    rows = Member.objects.of_merchant(merchant_id).filter(id__in=ids).order_by("id")
    return _with_cards(merchant_id, rows)


def member_of_number(*, merchant_id: int, number: str) -> contracts.Member | None:
    """Whom a member number finds; a number that was merged finds the one who carries on."""
    row = Member.objects.of_merchant(merchant_id).filter(number=number).first()
    if row is None:
        return None
    current = current_member_ids(merchant_id=merchant_id, member_ids=[row.id])[row.id]
    return member_by_id(merchant_id=merchant_id, member_id=current)


def current_member_ids(*, merchant_id: int, member_ids: Collection[int]) -> dict[int, int]:
    """Who carries on for each member: the member itself, or the one that it was merged into."""
    now_by_id = {member_id: member_id for member_id in member_ids}
    for _ in range(MOST_MERGES):
        kept_by_gone = dict(
            MemberMerge.objects.of_merchant(merchant_id)
            .filter(gone__in=set(now_by_id.values()), undone_at=None)
            .values_list("gone_id", "kept_id")
        )
        if not kept_by_gone:
            break
        now_by_id = {
            member_id: kept_by_gone.get(current, current)
            for member_id, current in now_by_id.items()
        }
    return now_by_id


def members_page(
    *,
    merchant_id: int,
    programme_ids: Collection[int] | None = None,
    before_id: int,
    limit: int,
) -> list[contracts.Member]:
    """Members below an id, newest first; of some programmes, or all."""
    rows = (
        Member.objects.of_merchant(merchant_id)
        .filter(id__lt=before_id)
        .exclude(state="merged")
        .order_by("-id")
    )
    if programme_ids is not None:
        cards = Card.objects.of_merchant(merchant_id).filter(programme__in=list(programme_ids))
        rows = rows.filter(id__in=cards.values("member_id"))
    return _with_cards(merchant_id, rows[:limit])


def attributions_of(*, merchant_id: int, member_id: int) -> list[contracts.Attribution]:
    """Who is credited with a member's cards, oldest first."""
    cards = Card.objects.of_merchant(merchant_id).filter(member=member_id).values("id")
    rows = Attribution.objects.of_merchant(merchant_id).filter(card__in=cards).order_by("id")
    return [row.as_contract() for row in rows]


def _with_cards(merchant_id: int, rows: Iterable[Member]) -> list[contracts.Member]:
    members = list(rows)
    cards = _cards_by_member(merchant_id, [member.id for member in members])
    return [member.as_contract(cards=cards.get(member.id, ())) for member in members]


def _cards_by_member(
    merchant_id: int, member_ids: Sequence[int]
) -> dict[int, list[contracts.Card]]:
    if not member_ids:
        return {}
    rows = Card.objects.of_merchant(merchant_id).filter(member__in=member_ids).order_by("id")
    found: dict[int, list[contracts.Card]] = {}
    for row in rows:
        programme = programme_by_id(merchant_id=merchant_id, programme_id=row.programme_id)
        found.setdefault(row.member_id, []).append(row.as_contract(programme_code=programme.code))
    return found
