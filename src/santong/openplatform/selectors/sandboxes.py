"""Which merchants are there to try things in."""

from __future__ import annotations

from typing import Final

from santong.kernel.remembered import Remembered
from santong.openplatform.models import Sandbox

REMEMBERED_SECONDS: Final = 60.0

_known = Remembered[int, bool](seconds=REMEMBERED_SECONDS)


def is_sandbox(*, merchant_id: int) -> bool:
    """Whether a merchant is a developer's sandbox. It never changes, so it is remembered."""
    return _known.get(merchant_id, lambda: Sandbox.objects.of_merchant(merchant_id).exists())


def forget_sandboxes() -> None:
    """Ask again: one was opened in this transaction."""
    _known.forget()
