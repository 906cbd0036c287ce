from __future__ import annotations

from santong.gateway.models import Connection
from santong.kernel.errors import NoSuch


def lock_connection(*, merchant_id: int, connection_id: int) -> Connection:
    """The connection's row, locked. Raises NoSuch."""
    found: Connection | None = (
        Connection.objects.of_merchant(merchant_id).filter(id=connection_id).lock().first()
    )
    if found is None:
        raise NoSuch(kind="connection", key=str(connection_id))
    return found
