from __future__ import annotations

from datetime import datetime

from santong.kernel import crypto
from santong.openplatform.models import App, AppSecret
from santong.openplatform.models.apps import secret_place


def seal_secret(*, app: App, number: int, secret: str, now: datetime) -> None:
    """Keep what an app signs with, sealed: signing and checking need the secret itself."""
    AppSecret.objects.create(
        merchant_id=app.merchant_id,
        app_id=app.id,
        number=number,
        sealed=crypto.encrypt(
            merchant_id=app.merchant_id,
            plain=secret.encode(),
            place=secret_place(app_id=app.id, number=number),
        ),
        created_at=now,
    )
