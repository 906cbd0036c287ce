from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from santong.kernel import tenancy
from santong.storefront.rules.phones import e164
from santong.storefront.selectors.messages import last_message
from santong.storefront.services.recognise import merchant_id_of


class Command(BaseCommand):
    """Prints the newest message that the simulated sender kept for a phone."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--merchant", default="demo", help="the merchant's code")
        parser.add_argument("--phone", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        merchant_id = merchant_id_of(code=options["merchant"])
        if merchant_id is None:
            raise CommandError(f"There is no merchant {options['merchant']!r}.")
        phone = e164(options["phone"])
        if phone is None:
            raise CommandError("That is no number of a mobile phone.")
        with tenancy.scope(merchant_id=merchant_id):
            found = last_message(merchant_id=merchant_id, phone=phone)
        if found is None:
            self.stdout.write("Nothing was sent there since yesterday.")
            return
        self.stdout.write(f"{found.sent_at:%Y-%m-%d %H:%M:%S} UTC  {found.text}")
