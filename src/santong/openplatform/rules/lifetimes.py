"""How long what an app holds is good."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

CODE: Final = timedelta(seconds=60)
# As long as software of the trade expects, which asks for the next one once a day.
ACCESS_TOKEN: Final = timedelta(hours=24)
REFRESH_TOKEN: Final = timedelta(days=30)
# After this somebody has to consent again.
SESSION: Final = timedelta(days=365)
ID_TOKEN: Final = timedelta(hours=1)
KEPT_AFTER_END: Final = timedelta(days=30)

# For documents: what is held, and for how long it is good.
LIFETIMES: Final[Mapping[str, timedelta]] = {
    "code": CODE,
    "access_token": ACCESS_TOKEN,
    "refresh_token": REFRESH_TOKEN,
    "session": SESSION,
    "id_token": ID_TOKEN,
}
