from __future__ import annotations

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from santong.customers.services.propose_matches import propose_matches
from santong.kernel import cells


class Command(BaseCommand):
    """Looks for persons of a merchant who may be one, by name, birthday and address.

    Nobody is merged: what is found waits for somebody to decide. Started again, it proposes only
    what nobody has looked at.
    """

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--merchant", required=True, metavar="CODE")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            merchant_id = cells.merchant_by_code(options["merchant"]).merchant_id
        except cells.UnknownMerchant:
            raise CommandError(f"there is no merchant {options['merchant']}") from None
        count = propose_matches(merchant_id=merchant_id, now=datetime.now(UTC))
        self.stdout.write(f"{count} pairs wait for somebody to decide")
