"""`./santong manage rotate_signing_key`: sign with a new key from now on, as after a leak.

What the key before signed can still be checked; done twice, it cannot.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand

from santong.openplatform.oauth.signing import public_keys, rotate_key


class Command(BaseCommand):
    help = "Sign what says who somebody is with a new key"

    def handle(self, *args: Any, **options: Any) -> None:
        now = datetime.now(UTC)
        rotate_key(now=now)
        newest = public_keys(now=now)["keys"][0]["kid"]
        self.stdout.write(f"signing with {newest}")
