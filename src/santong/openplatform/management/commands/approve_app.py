"""`./santong manage approve_app 12129701 base orders --reason "looked at"`.

The apps of sandboxes are approved by whoever runs the platform: here.
"""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from santong.kernel import names, tenancy
from santong.kernel.errors import DomainError
from santong.openplatform.selectors.apps import NAME_KIND
from santong.openplatform.services.approve_packs import approve_packs


class Command(BaseCommand):
    help = "Let an app have function packs when it is live"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("app_key")
        parser.add_argument("packs", nargs="*", help="all that it may have; none takes all away")
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        app_key: str = options["app_key"]
        owner_id = names.merchant_of(kind=NAME_KIND, name=app_key)
        if owner_id is None:
            raise CommandError(f"there is no app {app_key}")
        try:
            with tenancy.scope(merchant_id=owner_id):
                app = approve_packs(
                    merchant_id=owner_id,
                    app_key=app_key,
                    packs=options["packs"],
                    reason=options["reason"],
                    now=datetime.now(UTC),
                )
        except DomainError as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"{app.app_key} {app.name}: {', '.join(app.approved_packs) or 'nothing'}")
