"""What a merchant has set: caps of identifiers, keys of marketplaces."""

from __future__ import annotations

from collections.abc import Mapping

from santong.customers.contracts import KINDS, Kind
from santong.customers.models import IdentityCap, MixKey
from santong.customers.rules.identifiers import DEFAULT_CAPS
from santong.customers.selectors.sealing import opened_mix_key
from santong.kernel.remembered import Remembered

SECONDS_TRUSTED = 30.0

_caps: Remembered[int, dict[Kind, int]] = Remembered(seconds=SECONDS_TRUSTED)


def caps(*, merchant_id: int) -> Mapping[Kind, int]:
    """How many persons may have one identifier of each kind; as it was half a minute ago."""

    def read() -> dict[Kind, int]:
        rows = IdentityCap.objects.of_merchant(merchant_id)
        own = {row.kind: row.persons_most for row in rows}
        # What is made of a number goes where the number goes.
        asked = {kind: "phone" if kind == "mix_mobile" else kind for kind in KINDS}
        return {kind: own.get(asked[kind], DEFAULT_CAPS[kind]) for kind in KINDS}

    return _caps.get(merchant_id, read)


def forget_caps() -> None:
    """Read caps again: one has changed in this transaction."""
    _caps.forget()


def mix_keys(*, merchant_id: int) -> dict[str, str]:
    """The key of each scope, as it is at this moment."""
    rows = MixKey.objects.of_merchant(merchant_id).order_by("scope")
    return {
        row.scope: opened_mix_key(
            merchant_id=merchant_id, scope=row.scope, sealed=bytes(row.key_sealed)
        )
        for row in rows
    }
