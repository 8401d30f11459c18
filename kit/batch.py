"""Many reports: what is stale is built in processes of their own, several at a time, in the order of the graph
(``kit.going`` has what becomes of each client)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from kit import durations
from kit.going import Going, Order, Outcome
from kit.pool import Pool

if TYPE_CHECKING:
    from kit.cluster import Cluster

SECONDS = 1800
"""How long a report, or the reading of a client's data, may take; ``KIT_REPORT_TIMEOUT`` overrides it."""
MEMORY = 8192
"""MB of address space that each process may take; ``KIT_MEMORY`` overrides it, 0 takes the limit away."""

Hear = Callable[[str, str, str, dict[str, Any]], None]
"""A step of the work: client, report, a catalogue key and its arguments."""


def build(orders: Sequence[Order], workers: int, hear: Hear, scheduler: str = "") -> Iterator[Outcome]:
    """Build what is stale of all that is asked for; the outcome of each report as it is known. ``scheduler``: of the
    cluster that does it (``kit.cluster``), else processes of this machine do.

    What is wrong with one client or report is in its outcome. Being interrupted ends every process; the last good files
    stay, and the next build goes on from what was finished.
    """
    times = durations.known()
    seconds, memory = (int(os.environ.get(f"KIT_{k}", v)) for k, v in (("REPORT_TIMEOUT", SECONDS), ("MEMORY", MEMORY)))
    with ExitStack() as locks, _pool(scheduler, workers, seconds, memory) as pool:  # nothing is built without its lock
        going = [Going(order, locks) for order in orders]
        while True:
            settled = [outcome for one in going for outcome in one.settled()]
            yield from settled
            ready = [(one, job) for one in going for job in one.ready()] if pool.free else []
            ready.sort(
                key=lambda pair: (-durations.expected(times, pair[0].order.client, pair[1]), -pair[0].length(pair[1]))
            )
            begun = ready[: pool.free]
            for one, job in begun:
                one.begin(job, pool, len(begun) > 1)
            for one, _ in begun:
                one.hold(pool, len(going) > 1)
            if not pool.busy:
                if not settled:
                    break
                continue
            pool.ahead(modules for one in going for modules in one.coming())
            for event in pool.wait():
                one, job = event.key
                if event.kind == "said":
                    hear(one.order.client, job, event.value[0], event.value[1])
                    continue
                one.ended(job, event.kind, event.value, event.seconds)
                if job and event.kind == "done":
                    times.setdefault(job, {})[one.order.client] = round(event.seconds, 1)
    durations.keep(times)


def _pool(scheduler: str, workers: int, seconds: float, memory: int) -> Pool | Cluster:
    if not scheduler:
        return Pool(workers, seconds, memory)
    from kit.cluster import Cluster

    return Cluster(scheduler, workers, seconds, memory)
