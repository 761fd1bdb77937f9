"""Parquet in, Parquet out, in parts, on a cluster: each worker reads its part from where it lies and writes its reports beside.

Addresses are fsspec's: a folder here, ``s3://…``, ``gs://…``, ``abfs://…``. A part is written whole under a name that follows from its
place, so that one judged twice (its worker was lost on the way) is written once, and a run that broke off goes on with what is missing.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import blake2b
from typing import IO, Any

from analyzer.batch.cluster import Cluster, check_stamp, stamp_of
from analyzer.batch.jobs import Here, Line
from analyzer.batch.options import BatchOptions, Recipe
from analyzer.batch.progress import Progress
from analyzer.batch.summary import Summary
from analyzer.batch.writers.parquet import REPORT_COLUMN, table_of
from analyzer.errors import AnalyzerError, FileError, UsageError
from analyzer.reading import BadRow
from analyzer.reading.columns import ColumnChoice, fields_of_columns
from analyzer.reading.parquet import rows_of_stream
from analyzer.reading.tables import cases_of
from analyzer.types import Case

_RUN_FILE = "_run.json"
_DONE_FILE = "_SUCCESS"
# Row groups are gathered up to here: a minute of work for one core, so that a lost worker loses little.
_PART_ROWS = 2000
_UNDER_WAY_A_WORKER = 2


@dataclass(frozen=True, slots=True)
class Part:
    """Some row groups of one file: the rows after ``before`` of the file, which are those after ``before_all`` of all files."""

    number: int
    path: str
    groups: tuple[int, ...]
    before: int
    before_all: int
    rows: int

    @property
    def name(self) -> str:
        """The file its reports are written to."""
        return f"part-{self.number:06}.parquet"


@dataclass(frozen=True, slots=True)
class Order:
    """What every part's worker has to know."""

    recipe: Recipe
    stamp: str
    columns: Mapping[str, str]
    source: str
    target: str


def is_partitioned(output: str) -> bool:
    """Whether an output is a place for parts, not one file."""
    return output.endswith("/") or "://" in output


def run_partitions(options: BatchOptions, recipe: Recipe, progress: Progress) -> tuple[Summary, list[Part]]:
    """Judge a Parquet data set into a folder of Parquet. Raises UsageError, FileError."""
    if len(options.inputs) != 1:
        raise UsageError(
            "one_data_set", "Parts are written from one data set: name one folder, file or pattern of Parquet."
        )
    order = Order(recipe, stamp_of(recipe), dict(options.columns.wanted), options.inputs[0], options.output.rstrip("/"))
    parts = plan(order.source, replace(options.columns, say=progress.say))
    repeated = _repeated_ids(order, parts)
    done = _begin(order, parts, options.resume)
    left = [part for part in parts if part.name not in done]
    total = sum(part.rows for part in parts)
    counts: Counter[str] = Counter()
    for part in parts:
        if part.name in done:
            counts.update(_counts_of(order, part))
    cluster = Cluster(options.cluster, options.jobs, total, progress.say)
    progress.begin(total, total - sum(part.rows for part in left))
    try:
        for part, found in _judged(cluster, order, left, repeated):
            counts.update(found)
            progress.advance(part.rows)
    finally:
        progress.end()
        cluster.close()
    _end(order, parts, counts)
    scored = counts.pop("", 0)
    return Summary(scored, tuple(counts.most_common()), options.output), parts


def plan(source: str, choice: ColumnChoice) -> list[Part]:
    """The parts of a data set, by the row groups of its files in the order of their names. Says aloud which columns are read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    filesystem, paths = _files(source)
    parts: list[Part] = []
    before_all = 0
    for path in paths:
        try:
            with filesystem.open(path, "rb") as stream:
                file = pq.ParquetFile(stream)
                fields_of_columns(list(file.schema_arrow.names), path, choice)
                sizes = [file.metadata.row_group(number).num_rows for number in range(file.num_row_groups)]
        except (OSError, pa.ArrowException) as error:
            raise FileError("bad_table", f"{path} is a damaged Parquet file or none; write it again.") from error
        choice = ColumnChoice(choice.wanted)
        before = 0
        for groups in _gathered(sizes):
            rows = sum(sizes[number] for number in groups)
            parts.append(Part(len(parts), path, groups, before, before_all, rows))
            before, before_all = before + rows, before_all + rows
    if not before_all:
        raise FileError("empty_file", f"{source} holds no cases; check that it is the right one.")
    return parts


def judge_part(order: Order, part: Part, repeated: Sequence[int]) -> dict[str, int]:
    """What a worker does: read the part, judge it, write its reports whole. Gives the counts of error codes, '' for none."""
    check_stamp(order.recipe, order.stamp)
    pairs = Line(Here(order.recipe)).judged(rows_of(order, part, frozenset(repeated)))
    reports = [{"id": row.id, **json.loads(text)} for row, text in pairs]
    _write_whole(order, part, reports)
    return _counted(reports)


def rows_of(order: Order, part: Part, repeated: frozenset[int]) -> Iterator[Case | BadRow]:
    """The rows of a part; an id that stood earlier in the data set makes a bad row, wherever that was."""
    filesystem, _ = _place(order.source)
    choice = ColumnChoice(order.columns)
    with filesystem.open(part.path, "rb") as stream:
        raw = rows_of_stream(stream, part.path, choice, part.groups, part.before_all)
        for number, row in enumerate(cases_of(raw, part.path, _Nobody(), ""), start=part.before_all + 1):
            if number in repeated and isinstance(row, Case):
                message = f"Row {number} has the id '{row.id}', which an earlier row has; give every row its own id."
                yield BadRow(row.id, number, "duplicate_id", message)
            else:
                yield row


def reports_with_cases(
    options: BatchOptions, recipe: Recipe, parts: Sequence[Part]
) -> Iterator[tuple[Case | None, Any]]:
    """Every report beside its case, part by part."""
    order = Order(recipe, "", dict(options.columns.wanted), options.inputs[0], options.output.rstrip("/"))
    for part in parts:
        rows = rows_of(order, part, frozenset())
        for row, report in zip(rows, _reports_of(order, part), strict=True):
            yield (row if isinstance(row, Case) and not report["error"] else None), report


def _judged(
    cluster: Cluster, order: Order, parts: Sequence[Part], repeated: Mapping[int, tuple[int, ...]]
) -> Iterator[tuple[Part, Mapping[str, int]]]:
    """Parts as they are done, a few for each worker under way at a time."""
    from distributed import KilledWorker, as_completed

    waiting = iter(parts)
    under_way: dict[str, Part] = {}
    done = as_completed(loop=cluster.client.loop)

    def send() -> None:
        part = next(waiting, None)
        if part is not None:
            future = cluster.client.submit(judge_part, order, part, repeated.get(part.number, ()), pure=False)
            under_way[future.key] = part
            done.add(future)

    for _ in range(max(cluster.width, _UNDER_WAY_A_WORKER)):
        send()
    for future in done:
        part = under_way.pop(future.key)
        try:
            found: Mapping[str, int] = future.result()
        except AnalyzerError:
            raise
        except KilledWorker as error:
            raise FileError(
                "workers_lost",
                f"Every worker that judged {part.name} was lost, perhaps for want of memory: see the workers' logs, then --resume.",
            ) from error
        send()
        yield part, found


# ---- planning


def _place(address: str) -> tuple[Any, str]:
    """The file system of an address and the path in it. Raises UsageError where nothing here can read it."""
    try:
        import fsspec
    except ImportError as error:
        raise UsageError("no_cluster", "Parts need fsspec: pip install “draft-analyzer[cluster]”.") from error
    try:
        filesystem, path = fsspec.core.url_to_fs(address)
    except (ImportError, ValueError) as error:
        raise UsageError(
            "unknown_address", f"“{address}” cannot be reached ({error}): install what it names."
        ) from error
    return filesystem, str(path)


def _files(source: str) -> tuple[Any, list[str]]:
    filesystem, path = _place(source)
    try:
        if "*" in path:
            found = filesystem.glob(path)
        elif filesystem.isdir(path):
            found = filesystem.find(path)
        else:
            found = [path] if filesystem.exists(path) else []
    except OSError as error:
        raise FileError(
            "unreadable_file", f"“{source}” cannot be listed ({error}); check the address and your rights."
        ) from error
    paths = sorted(name for name in found if name.endswith((".parquet", ".pq")) and "/_" not in name)
    if not paths:
        raise FileError(
            "missing_file", f"“{source}” holds no Parquet file; --cluster with a folder as output reads .parquet."
        )
    return filesystem, paths


def _gathered(sizes: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Neighbouring row groups together, up to the size of a part."""
    gathered: list[int] = []
    rows = 0
    for number, size in enumerate(sizes):
        if gathered and rows + size > _PART_ROWS:
            yield tuple(gathered)
            gathered, rows = [], 0
        gathered.append(number)
        rows += size
    if gathered:
        yield tuple(gathered)


class _Nobody:
    """Ids are compared for the whole data set beforehand, not part by part."""

    def __contains__(self, text: object, /) -> bool:
        return False

    def add(self, text: str, /) -> None:
        """Forget it."""


def _repeated_ids(order: Order, parts: Sequence[Part]) -> dict[int, tuple[int, ...]]:
    """For each part its rows whose id an earlier row has; eight bytes of each id are remembered."""
    import pyarrow.parquet as pq

    filesystem, _ = _place(order.source)
    seen: set[int] = set()
    repeated: dict[int, list[int]] = {}
    for part in parts:
        with filesystem.open(part.path, "rb") as stream:
            file = pq.ParquetFile(stream)
            names = list(file.schema_arrow.names)
            fields = fields_of_columns(names, part.path, ColumnChoice(order.columns))
            if "id" not in fields:
                continue
            ids = file.read_row_groups(list(part.groups), columns=[names[fields.index("id")]]).column(0).to_pylist()
        for number, value in enumerate(ids, start=part.before_all + 1):
            text = str(value).strip() if value is not None else ""
            digest = int.from_bytes(blake2b((text or str(number)).encode(), digest_size=8).digest())
            if digest in seen:
                repeated.setdefault(part.number, []).append(number)
            seen.add(digest)
    return {number: tuple(rows) for number, rows in repeated.items()}


# ---- writing


def _begin(order: Order, parts: Sequence[Part], resume: bool) -> frozenset[str]:
    """Make the folder, and give the names of the parts that are there. Raises UsageError where they are of another run."""
    filesystem, path = _place(order.target)
    listed = json.dumps([asdict(part) for part in parts]).encode()
    made_from = {
        "stamp": order.stamp,
        "engines": order.recipe.engines,
        "parts": blake2b(listed, digest_size=16).hexdigest(),
    }
    made_from = json.loads(json.dumps(made_from))
    try:
        filesystem.makedirs(path, exist_ok=True)
        there = {name.rsplit("/", 1)[-1] for name in filesystem.ls(path, detail=False)}
        before = json.loads(filesystem.cat_file(f"{path}/{_RUN_FILE}")) if _RUN_FILE in there else None
        if there and not resume:
            raise UsageError(
                "not_empty", f"“{order.target}” is not empty: say --resume to go on with it, or name another folder."
            )
        if before is not None and before != made_from:
            raise UsageError(
                "changed_since",
                f"“{order.target}” is from other drafts or settings: name another folder to start anew.",
            )
        filesystem.pipe_file(f"{path}/{_RUN_FILE}", json.dumps(made_from).encode())
    except OSError as error:
        raise FileError(
            "not_written", f"“{order.target}” cannot be written ({error}): choose another place."
        ) from error
    return frozenset(there & {part.name for part in parts})


def _write_whole(order: Order, part: Part, reports: Sequence[Mapping[str, Any]]) -> None:
    """Write a part under its name only when whole: renamed here, uploaded in one piece elsewhere."""
    import pyarrow.parquet as pq

    filesystem, path = _place(order.target)
    name = f"{path}/{part.name}"
    is_local = "file" in (filesystem.protocol if isinstance(filesystem.protocol, tuple) else (filesystem.protocol,))
    written = f"{path}/.{part.name}.{uuid.uuid4().hex}" if is_local else name
    stream: IO[bytes]
    with filesystem.open(written, "wb") as stream:
        pq.write_table(table_of(reports), stream)
    if is_local:
        filesystem.mv(written, name)


def _end(order: Order, parts: Sequence[Part], counts: Mapping[str, int]) -> None:
    """Take away what lost workers left, and say that all is there."""
    filesystem, path = _place(order.target)
    for name in filesystem.ls(path, detail=False):
        if name.rsplit("/", 1)[-1].startswith(".part-"):
            filesystem.rm_file(name)
    done = {"rows": sum(part.rows for part in parts), "parts": len(parts), "scored": counts.get("", 0)}
    filesystem.pipe_file(f"{path}/{_DONE_FILE}", json.dumps(done).encode())


def _reports_of(order: Order, part: Part) -> list[Any]:
    import pyarrow.parquet as pq

    filesystem, path = _place(order.target)
    with filesystem.open(f"{path}/{part.name}", "rb") as stream:
        return [json.loads(text) for text in pq.ParquetFile(stream).read([REPORT_COLUMN]).column(0).to_pylist()]


def _counts_of(order: Order, part: Part) -> dict[str, int]:
    return _counted(_reports_of(order, part))


def _counted(reports: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    return dict(Counter(report["error"]["code"] if report["error"] else "" for report in reports))
