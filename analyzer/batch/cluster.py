"""A Dask cluster as judge: one that runs already, or one of several processes started here. Needs the extra ``cluster``.

A worker that is lost costs nothing but time: the scheduler gives its chunk to another, and each chunk's reports are taken once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from analyzer import __version__
from analyzer.batch.jobs import Ticket, workers_for
from analyzer.batch.options import Recipe
from analyzer.batch.work import error_text, judge
from analyzer.errors import UsageError
from analyzer.scoring.store import default_model_directory, read_manifest
from analyzer.types import Case

if TYPE_CHECKING:
    from distributed import Client, Future

LOCAL = "local"
_WAIT_S = 30
_CHUNKS_A_WORKER = 3
# Workers started here: memory is not given back to the system after every draft, and nobody looks at their stacks a hundred times
# a second. Together that is a third of the time.
_LOCAL_SETTINGS = {
    "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": 134_217_728,
    "distributed.worker.profile.enabled": False,
    "distributed.logging.distributed": "error",
}
# A chunk that was under way on this many workers when they were lost is judged draft by draft.
_MOST_LOSSES = 3


class Cluster:
    """A client of the cluster, and the cluster itself where it was started here. ``close`` ends both."""

    def __init__(self, address: str, jobs: int | None, drafts: int, say: Callable[[str], None]) -> None:
        self._local: Any = None
        try:
            import dask
            from distributed import Client, LocalCluster
        except ImportError as error:
            raise UsageError(
                "no_cluster", "--cluster needs Dask, which is not installed: pip install “draft-analyzer[cluster]”."
            ) from error
        dask.config.set({"distributed.scheduler.allowed-failures": _MOST_LOSSES, **_LOCAL_SETTINGS})
        if address == LOCAL:
            workers = jobs or workers_for(drafts)
            self._local = LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",
                silence_logs=40,
            )
            address = self._local.scheduler_address
        try:
            self.client: Client = Client(address, timeout=_WAIT_S, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            self._end_local()
            raise UsageError(
                "no_scheduler", f"No Dask scheduler answers at “{address}”: start one, or say --cluster local."
            ) from error
        workers = len(self.client.scheduler_info(n_workers=-1)["workers"])
        say(
            f"Judging on {workers} {'worker' if workers == 1 else 'workers'} of {address}; dashboard: {self.client.dashboard_link}"
        )
        self.width = max(2, workers) * _CHUNKS_A_WORKER

    def close(self) -> None:
        """Let go of the cluster; one that was started here ends."""
        with suppress(Exception):
            self.client.close(timeout=5)
        self._end_local()

    def local_workers(self) -> Sequence[Any]:
        """The keepers of the workers that were started here; each knows its worker's ``pid``."""
        return tuple(self._local.workers.values()) if self._local is not None else ()

    def _end_local(self) -> None:
        if self._local is not None:
            with suppress(Exception):
                self._local.close(timeout=10)


class ClusterJudges:
    """Hands chunks to a cluster, reads and writes here."""

    def __init__(self, cluster: Cluster, recipe: Recipe) -> None:
        self._cluster, self._recipe = cluster, recipe
        self._stamp = stamp_of(recipe)
        self.width = cluster.width

    def submit(self, cases: tuple[Case, ...]) -> Ticket:
        """Hand a chunk to the scheduler."""
        return _Chunk(self, cases)

    def send(self, cases: tuple[Case, ...]) -> Future:
        """The chunk's future."""
        # not pure: two chunks are never taken for one, and results do not stay with the scheduler
        return self._cluster.client.submit(judge_checked, self._recipe, self._stamp, cases, pure=False)

    def close(self) -> None:
        """Let go of the cluster."""
        self._cluster.close()


class _Chunk:
    def __init__(self, judges: ClusterJudges, cases: tuple[Case, ...]) -> None:
        self._judges, self._cases = judges, cases
        self._future = judges.send(cases)

    def result(self) -> Sequence[str]:
        from distributed import KilledWorker

        try:
            texts: Sequence[str] = self._future.result()
            return texts
        except KilledWorker:
            return [self._alone(case) for case in self._cases]

    def _alone(self, case: Case) -> str:
        from distributed import KilledWorker

        try:
            return str(self._judges.send((case,)).result()[0])
        except KilledWorker:
            return error_text("worker_lost", "Every worker that judged this draft was lost; judge it alone to see why.")


def judge_checked(recipe: Recipe, stamp: str, cases: Sequence[Case]) -> list[str]:
    """What a worker does: the same as a process here, once it is sure to be of the same version with the same model."""
    check_stamp(recipe, stamp)
    return judge(recipe, cases)


def check_stamp(recipe: Recipe, stamp: str) -> None:
    """Raise UsageError where this worker would judge with another version or model than was asked for."""
    own = stamp_of(recipe)
    if own != stamp:
        raise UsageError(
            "other_version",
            f"A worker has {own}, this machine {stamp}: install the same draft-analyzer and model everywhere.",
        )


@lru_cache(maxsize=2)
def stamp_of(recipe: Recipe) -> str:
    """Version and model by their content, so that machines may keep them in different places."""
    manifest = read_manifest(recipe.model or default_model_directory())
    return f"draft-analyzer {__version__} with model {str(manifest.get('sha256'))[:12]}"
