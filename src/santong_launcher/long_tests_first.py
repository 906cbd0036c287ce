"""A pytest plug-in that lets each of two workers begin with folders whose tests take long.

Under xdist's `worksteal` the first worker begins at the first test, the second in the middle, and
who has nothing left takes over from the end of the other's. So what is long must not stand at an
end: one worker would be at it while the other has nothing to do, or both would prepare for it.
`pytest -p santong_launcher.long_tests_first`.
"""

import pytest

# Where processes are started and killed, which often waits; and where a browser never does.
FIRST = ("tests/crash", "tests/fuzz", "src/santong_launcher")
IN_THE_MIDDLE = ("tests/pages", "tests/walks", "tests/invariants")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the long ones first and in the middle; among themselves all keep their order."""
    first = [item for item in items if _is_in(item, config, FIRST)]
    second = [item for item in items if _is_in(item, config, IN_THE_MIDDLE)]
    long = {*first, *second}
    others = [item for item in items if item not in long]
    until_middle = max(len(items) // 2 - len(first), 0)
    items[:] = [*first, *others[:until_middle], *second, *others[until_middle:]]


def _is_in(item: pytest.Item, config: pytest.Config, folders: tuple[str, ...]) -> bool:
    return any(item.path.is_relative_to(config.rootpath / folder) for folder in folders)
