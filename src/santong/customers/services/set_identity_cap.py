"""How many persons may have one identifier."""

from __future__ import annotations

from datetime import datetime

from santong.customers.contracts import KINDS, Kind
from santong.customers.models import IdentityCap
from santong.customers.rules.identifiers import WEAK
from santong.customers.selectors.settings import forget_caps
from santong.kernel import audit
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing

MOST = 1_000


@all_or_nothing
def set_identity_cap(*, merchant_id: int, kind: Kind, persons_most: int, now: datetime) -> None:
    """Say how many persons may have one identifier of a kind before it joins nobody any more.

    What is shared already stays so. Raises FieldInvalid.
    """
    if kind not in KINDS or kind in WEAK or kind == "mix_mobile":
        raise FieldInvalid(pointer="/kind", reason="no kind with a cap of its own")
    if not 1 <= persons_most <= MOST:
        raise FieldInvalid(pointer="/persons_most", reason=f"1 to {MOST}")
    row, _ = IdentityCap.objects.update_or_create(
        merchant_id=merchant_id,
        kind=kind,
        defaults={"persons_most": persons_most, "changed_at": now},
    )
    forget_caps()
    audit.record(
        audit.Change(
            action="customers.set_identity_cap",
            subject="identity_cap",
            subject_id=row.id,
            reason="set",
            after={"kind": kind, "persons_most": persons_most},
        ),
        now=now,
    )
