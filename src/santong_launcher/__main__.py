"""`python -m santong_launcher COMMAND …`: what `./santong` hands over to."""

import sys
from collections.abc import Sequence

from santong_launcher import (
    benchmarks,
    checks,
    database,
    locks,
    new_context,
    product,
    storms,
    up,
)
from santong_launcher.checkout import Checkout, this_checkout
from santong_launcher.problems import Problem

# These need tables, and may be the first command after a new version was checked out.
MIGRATE_FIRST = {"replay", "simulate"}


def main() -> int:
    """Do what the arguments say; the exit status is theirs."""
    name, *arguments = sys.argv[1:]
    try:
        return _run(this_checkout(), name, arguments)
    except Problem as problem:
        sys.stdout.flush()
        print(f"santong: {problem}", file=sys.stderr)
        return 1
    except PermissionError as reason:
        print(f"santong: {reason}. Whose checkout is this?", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _run(checkout: Checkout, name: str, arguments: Sequence[str]) -> int:
    match name:
        case "up":
            status = up.up(checkout=checkout, arguments=arguments)
        case "down":
            status = up.down(checkout=checkout)
        case "test":
            status = checks.run_checks(checkout=checkout, arguments=arguments)
        case "lock":
            status = locks.lock(checkout=checkout)
        case "bench":
            status = benchmarks.bench(checkout=checkout, arguments=arguments)
        case "chaos":
            status = storms.chaos(checkout=checkout, arguments=arguments)
        case "manage":
            status = _with_database(checkout, arguments)
        case "new-context":
            status = new_context.new_context(checkout=checkout, arguments=arguments)
        case _:
            migrate = name in MIGRATE_FIRST
            status = _with_database(checkout, [name, *arguments], migrate=migrate)
    return status


def _with_database(checkout: Checkout, arguments: Sequence[str], *, migrate: bool = False) -> int:
    with database.running(checkout=checkout) as cluster:
        environment = product.environment(checkout=checkout, cluster=cluster)
        if migrate:
            product.prepare(checkout=checkout, commands=[product.TABLES], environment=environment)
        command = product.manage(checkout=checkout, arguments=arguments)
        return product.run_in_front(command=command, environment=environment)


if __name__ == "__main__":
    raise SystemExit(main())
