"""Who a member was is forgotten; their cards and points stay, about nobody."""

from __future__ import annotations

from datetime import datetime

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from santong.customers import public as customers
from santong.kernel.tenancy import all_or_nothing
from santong.membership.models import Binding, BoundIdentity, Card, Member
from santong.membership.selectors.members import member_ids_of_persons
from santong.membership.services.close_member import close_member
from santong.membership.services.lock import lock_persons

REASON = "the person was erased"
# No number of a card begins so: letters are capital in those that are.
FORGOTTEN = "forgotten-"


@all_or_nothing
def forget_person(*, merchant_id: int, person: customers.PersonRecord, now: datetime) -> None:
    """Let every member that a person ever was leave, and drop what finds their accounts.

    Their cards get numbers that stand on no card: what is printed on one names whoever holds it.
    Nobody joins as this person meanwhile. Emits MemberClosed, MemberUnbound. Locks the persons,
    then the members.
    """
    lock_persons(merchant_id=merchant_id, person_ids=person.person_ids)
    ids = member_ids_of_persons(merchant_id=merchant_id, person_ids=person.person_ids)
    members = Member.objects.of_merchant(merchant_id).filter(id__in=ids)
    standing = members.exclude(state="merged").order_by("id").values_list("id", flat=True)
    for member_id in standing:
        close_member(merchant_id=merchant_id, member_id=member_id, reason=REASON, now=now)
    cards = Card.objects.of_merchant(merchant_id).filter(member_id__in=ids)
    cards.update(number=Concat(Value(FORGOTTEN), Cast("id", CharField())))
    bindings = Binding.objects.of_merchant(merchant_id).filter(member_id__in=ids)
    BoundIdentity.objects.of_merchant(merchant_id).filter(
        binding_id__in=bindings.values("id")
    ).delete()
