"""What `make bench` times: each module here yields one `Line` after another; `scripts/bench` names the modules."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One measurement.

    `ms`: how long it took. `limit_ms`: the most it may take, where something is promised. `ratio`: how many times
    the bare work underneath (the solver alone, say), measured in the same run. `bound`: the most that may be.
    """

    name: str
    ms: float
    limit_ms: float | None = None
    ratio: float | None = None
    bound: float | None = None

    @property
    def is_too_slow(self) -> bool:
        return (self.limit_ms is not None and self.ms > self.limit_ms) or (
            self.ratio is not None and self.bound is not None and self.ratio > self.bound
        )


def timed(work: Callable[[], object]) -> float:
    """Milliseconds one call took."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def interleaved(
    name: str,
    ours: Callable[[], object],
    bare: Callable[[], object],
    *,
    rounds: int = 7,
    limit_ms: float | None = None,
    bound: float | None = None,
) -> Line:
    """Medians of our work and of the bare work, taken in turns, so that a busy moment meets both alike."""
    times = [(timed(ours), timed(bare)) for _ in range(rounds)]
    ours_ms, bare_ms = (statistics.median(column) for column in zip(*times, strict=True))
    return Line(name, ours_ms, limit_ms, ratio=ours_ms / bare_ms, bound=bound)
