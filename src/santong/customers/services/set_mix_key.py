"""Under which key a marketplace hides telephone numbers."""

from __future__ import annotations

from datetime import datetime

from santong.customers.contracts import LONGEST_SCOPE
from santong.customers.models import MixKey
from santong.customers.rules.consents import checked_code
from santong.customers.selectors.sealing import sealed_mix_key
from santong.customers.services.locks import lock_whole_graph
from santong.kernel import audit
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing

LONGEST_KEY = 100


@all_or_nothing
def set_mix_key(*, merchant_id: int, scope: str, key: str, now: datetime) -> None:
    """Keep the key of a scope, sealed; numbers that come get their mix with it.

    Numbers that are there get theirs by and by (`index_mixes`). What was mixed under an older key
    stays.

    Raises FieldInvalid. Locks the whole graph.
    """
    checked_code(scope, pointer="/scope", most=LONGEST_SCOPE)
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        raise FieldInvalid(pointer="/key", reason=f"1 to {LONGEST_KEY} printable characters")
    lock_whole_graph(merchant_id=merchant_id)
    row, _ = MixKey.objects.update_or_create(
        merchant_id=merchant_id,
        scope=scope,
        defaults={
            "key_sealed": sealed_mix_key(merchant_id=merchant_id, scope=scope, key=key),
            "mixed_up_to": 0,
            "changed_at": now,
        },
    )
    audit.record(
        audit.Change(
            action="customers.set_mix_key",
            subject="mix_key",
            subject_id=row.id,
            reason="set",
            after={"scope": scope},
        ),
        now=now,
    )
