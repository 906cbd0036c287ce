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
        say("\n".join(_names(checkout)))
        return 0
    name, *rest = arguments
    if name not in _names(checkout):
        raise Problem(f"no benchmark {name!r}; there are: {', '.join(_names(checkout))}.")
    script = checkout.root / "benchmarks" / f"{name}.py"
    return product.run_in_front(
        command=[str(checkout.venv_python), str(script), *rest],
        environment=product.machine_environment(checkout=checkout),
    )


def _names(checkout: Checkout) -> list[str]:
    scripts = (checkout.root / "benchmarks").glob("*.py")
    return sorted(script.stem for script in scripts if not script.stem.startswith("_"))
