"""`bench`: measure one path, with a database and a site that the benchmark brings itself."""

from collections.abc import Sequence

from santong_launcher import product
from santong_launcher.checkout import Checkout
from santong_launcher.problems import Problem
from santong_launcher.steps import say


def bench(*, checkout: Checkout, arguments: Sequence[str]) -> int:
    """Run the benchmark of that name; without a name, list them. Its exit status is the answer.

    Raises Problem when there is none of that name.
    """
    if not arguments:
        say("\n".join(names(checkout=checkout)))
        return 0
    name, *rest = arguments
    if name not in names(checkout=checkout):
        raise Problem(f"no benchmark {name!r}; there are: {', '.join(names(checkout=checkout))}.")
    return product.run_in_front(
        command=[*command_of(checkout=checkout, name=name), *rest],
        environment=product.machine_environment(checkout=checkout),
    )


def command_of(*, checkout: Checkout, name: str) -> list[str]:
    """What runs the benchmark of that name."""
    return [str(checkout.venv_python), str(checkout.root / "benchmarks" / f"{name}.py")]


def names(*, checkout: Checkout) -> list[str]:
    """Every benchmark there is."""
    scripts = (checkout.root / "benchmarks").glob("*.py")
    return sorted(script.stem for script in scripts if not script.stem.startswith("_"))
