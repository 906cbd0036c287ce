from __future__ import annotations

from collections.abc import Callable, Iterator

from django.conf import settings
from django.utils.module_loading import import_string

from santong.kernel import tenancy
from santong.kernel.doctor import Finding


def find_findings(*, merchant_id: int) -> Iterator[str]:
    """What `doctor` would find wrong with a merchant, in words."""
    for path in settings.SANTONG_CHECKS:
        check: Callable[..., list[Finding]] = import_string(path)
        with tenancy.scope(merchant_id=merchant_id):
            for found in check(merchant_id=merchant_id):
                yield f"{found.context} · {found.rule}: {found.detail}"
