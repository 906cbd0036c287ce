"""Progress bars for the commands of the simulation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from santong.simulation import contracts

LONG = 1_000  # steps from which a line is printed at each tenth


@contextmanager
def progress_bars(console: Console) -> Iterator[contracts.Bars]:
    """Bars that appear one below the other as work begins; plain lines where nobody watches."""
    if not console.is_terminal:
        yield _lines(console)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as bars:

        def begin(title: str, total: int) -> contracts.Progress:
            task = bars.add_task(title, total=total)
            return lambda done: bars.advance(task, done)

        yield begin


def _lines(console: Console) -> contracts.Bars:
    def begin(title: str, total: int) -> contracts.Progress:
        console.print(f"{title}: {total:,}")
        done = 0

        def tell(more: int) -> None:
            nonlocal done
            tenths = 10 * done // max(total, 1)
            done += more
            if total >= LONG and 10 * done // total > tenths:
                console.print(f"  {done:,}")

        return tell

    return begin
