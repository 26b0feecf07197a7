"""What the benchmarks share: processes measured from outside, pairs of runs, and a table.

Machines differ, and one machine differs from minute to minute.  So nothing here is compared with a
number of seconds where it can be compared with a baseline that ran beside it: the two take turns,
each turn gives one ratio, and the median of the ratios is the figure.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

#: The repository, or its copy among the runfiles of a Bazel target.
REPOSITORY = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Run(NamedTuple):
    """What one process took: seconds on the clock, seconds of CPU, MB of memory at its peak, and what it said."""

    wall: float
    cpu: float
    memory: float
    output: str


class ProcessFailed(Exception):
    """A measured process did not end well; the message holds what it said."""


class Bench:
    """Runs processes and measures them from outside.

    They find the packages that this one finds.  Python keeps what it compiles in ``folder``, whatever
    the user's own setting is: the modules, as they are in an installed package, and nothing else
    once ``cold`` was called.
    """

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._caches = os.path.join(folder, "compiled")
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
        # A script's own folder (the first of the path) is no place where it finds packages.
        paths = [path for path in sys.path[1:] if os.path.isdir(path)]
        self.environment["PYTHONPATH"] = os.pathsep.join(paths)
        self.environment["PYTHONPYCACHEPREFIX"] = self._caches

    def cold(self) -> None:
        """From now on there are only compiled modules, and nothing more is kept."""
        for base, _, files in os.walk(self._caches):
            for name in files:
                if not name.endswith(".pyc"):
                    os.unlink(os.path.join(base, name))
        self.environment["PYTHONDONTWRITEBYTECODE"] = "1"

    def warm(self) -> None:
        """From now on processes may keep what they compile."""
        self.environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def run(self, *command: str, output: bool = False) -> Run:
        """Run a process to its end and measure it; ``output``: its standard output is wanted."""
        with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as errors:
            start = time.perf_counter()
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=said if output else subprocess.DEVNULL,
                stderr=errors,
                env=self.environment,
            )
            _, status, usage = os.wait4(process.pid, 0)
            wall = time.perf_counter() - start
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                errors.seek(0)
                words = errors.read().decode("utf-8", "replace").strip()
                raise ProcessFailed(f"{' '.join(command)}: {words or process.returncode}")
            said.seek(0)
            text = said.read().decode("utf-8")
        # Kilobytes, except on macOS.
        unit = 1 if sys.platform == "darwin" else 1024
        return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 1e6, text)


class Pair(NamedTuple):
    """Two things that took turns, and what each turn gave."""

    ours: list[float]
    baseline: list[float]

    @property
    def our_median(self) -> float:
        """The median of our turns."""
        return statistics.median(self.ours)

    @property
    def baseline_median(self) -> float:
        """The median of the baseline's turns."""
        return statistics.median(self.baseline)

    @property
    def ratio(self) -> float:
        """The median of the turns' ratios: what was slow for both cancels out."""
        return statistics.median(a / b for a, b in zip(self.ours, self.baseline, strict=True))

    @property
    def difference(self) -> float:
        """The median of the turns' differences."""
        return statistics.median(a - b for a, b in zip(self.ours, self.baseline, strict=True))


class Row(NamedTuple):
    """A line of the table; ``met`` is None for what has no target."""

    figure: str
    ours: str
    baseline: str = ""
    ratio: str = ""
    target: str = ""
    met: bool | None = None


def at_most(figure: str, pair: Pair, limit: float | None) -> Row:
    """The row of a pair of seconds whose ratio must not exceed ``limit`` (None: for comparison)."""
    return Row(
        figure,
        f"{pair.our_median * 1000:.3g} ms",
        f"{pair.baseline_median * 1000:.3g} ms",
        f"{pair.ratio:.2f}",
        f"≤ {limit:g}" if limit is not None else "",
        pair.ratio <= limit if limit is not None else None,
    )


def table(title: str, rows: Sequence[Row]) -> bool:
    """Print the table; gives whether every target was met."""
    head = Row("figure", "ours", "baseline", "ratio", "target")
    shown = [(*row[:5], "" if row.met is None else "met" if row.met else "NOT MET") for row in rows]
    lines = [(*head[:5], ""), *shown]
    widths = [max(len(line[column]) for line in lines) for column in range(6)]
    machine = f"Python {platform.python_version()}, {os.cpu_count()} CPUs, load {_load()}"
    print(f"{title} ({machine})")
    for line in lines:
        cells = [cell.ljust(width) for cell, width in zip(line, widths, strict=True)]
        print("  ".join(cells).rstrip())
    return all(row.met is not False for row in rows)


def _load() -> str:
    try:
        return f"{os.getloadavg()[0]:.1f}"
    except OSError:  # not known on this system
        return "unknown"


def progress(text: str) -> None:
    """Show what is being measured: on a terminal only, and gone afterwards."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()


def turns(
    number: int, name: str, ours: Callable[[], Run], baseline: Callable[[], Run]
) -> tuple[list[Run], list[Run]]:
    """Let the two take turns."""
    mine: list[Run] = []
    other: list[Run] = []
    for turn in range(number):
        progress(f"{name}: {turn + 1} of {number} …")
        other.append(baseline())
        mine.append(ours())
    progress("")
    return mine, other
