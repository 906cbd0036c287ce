from __future__ import annotations

from santong.kernel.errors import NoSuch
from santong.openplatform.models import App


def lock_app(*, merchant_id: int, app_key: str) -> App:
    """One of a developer's apps, to be changed. Raises NoSuch. Locks it."""
    row: App | None = App.objects.of_merchant(merchant_id).filter(app_key=app_key).lock().first()
    if row is None:
        raise NoSuch(kind="app", key=app_key)
    return row
