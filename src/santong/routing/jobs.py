"""What routing does by the clock."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.jobs import periodic
from santong.routing.services.solve_prices import solve_prices


@periodic(name="routing.solve_prices", cron="15 */2 * * *")
def price_what_is_scarce(*, merchant_id: int, now: datetime) -> int:
    """Every two hours the stock is priced anew."""
    return solve_prices(merchant_id=merchant_id, now=now)
