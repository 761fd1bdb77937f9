"""What coaches keep, on SQLite and on PostgreSQL: nothing is lost, nothing is overwritten, several people at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from analyzer.database import Coaching, database_url, open_database
from analyzer.database.schema import Base
from analyzer.errors import FileError, InputError, UsageError
from analyzer.training.dataset import LABELS, read_dataset
from analyzer.types import Case

pytestmark = pytest.mark.enable_socket

RATINGS = dict.fromkeys(LABELS, 4.0)
HOSTILE = "Robert'); DROP TABLE cases;-- <script>alert(1)</script> “naïve” 🎉"


def test_a_case_comes_back_as_it_was_given(coaching):
    case = Case(HOSTILE, kind="follow_up", notes=f"{HOSTILE}\r\n\tx", interviewer=HOSTILE, company="C", role="R")
    case_id = coaching.add_case(case, "workshop")
    (kept,) = coaching.cases()
    assert kept.case == Case(**{name: getattr(case, name) for name in case.__slots__} | {"id": case_id})
    assert kept.source == "workshop" and kept.readers == ()
    assert abs(datetime.now(UTC) - kept.added_at) < timedelta(minutes=1)


def test_the_same_case_is_kept_once(coaching):
    assert coaching.add_case(Case("Dear Ana"), "workshop") == coaching.add_case(Case("Dear Ana", id="7"), "labels")
    assert coaching.add_case(Case("Dear Ana", notes="n"), "workshop") != coaching.add_case(Case("Dear Ana"), "labels")
    assert len(coaching.cases()) == 2


def test_readings_are_added_and_the_newest_counts(coaching):
    case_id = coaching.add_case(Case("Dear Ana"), "workshop")
    coaching.save(case_id, " Ines  Duarte ", RATINGS, ["wordy", "wordy"], {"version": "v2", "faults": ["cold"]})
    coaching.save(case_id, "Ines Duarte", {**RATINGS, "focus": 2}, [])
    coaching.save(case_id, HOSTILE[:90], RATINGS, ["generic"])
    every = coaching.readings(case_id, latest=False)
    assert [(one.coach, one.ratings["focus"], one.faults) for one in every] == [
        ("Ines Duarte", 4.0, ("wordy",)),
        ("Ines Duarte", 2.0, ()),
        (HOSTILE[:90], 4.0, ("generic",)),
    ]
    assert every[0].model == {"version": "v2", "faults": ["cold"]}
    assert every[0].at.tzinfo is not None and every[0].at <= every[1].at
    assert {one.coach: one.ratings["focus"] for one in coaching.readings()} == {"Ines Duarte": 2.0, HOSTILE[:90]: 4.0}
    assert coaching.cases()[0].readers == tuple(
        sorted(["Ines Duarte", HOSTILE[:90]], key=coaching.cases()[0].readers.index)
    )


@pytest.mark.parametrize(
    ("coach", "ratings", "code"),
    [
        ("", RATINGS, "bad_name"),
        ("x" * 101, RATINGS, "bad_name"),
        ("a\u202eb", RATINGS, "bad_name"),
        ("Ines", {**RATINGS, "focus": 0.5}, "bad_label"),
        ("Ines", {**RATINGS, "focus": float("nan")}, "bad_label"),
        ("Ines", {"focus": 3.0}, "bad_label"),
    ],
)
def test_a_reading_that_cannot_be_kept_is_refused_in_a_sentence(coaching, coach, ratings, code):
    case_id = coaching.add_case(Case("Dear Ana"), "workshop")
    with pytest.raises(InputError) as caught:
        coaching.save(case_id, coach, ratings, [])
    assert caught.value.code == code
    assert coaching.readings() == ()


def test_what_a_writer_entrusts_can_be_taken_back_with_all_that_was_said_of_it(coaching):
    ticket = coaching.entrust(Case("Dear Ana"))
    (kept,) = coaching.cases()
    coaching.save(kept.case.id, "Ines", RATINGS, [])
    assert not coaching.take_back("guessed") and len(coaching.cases()) == 1
    assert coaching.take_back(ticket)
    assert coaching.cases() == () and coaching.readings() == ()
    assert not coaching.take_back(ticket)
    with pytest.raises(InputError, match="taken back"):
        coaching.save(kept.case.id, "Ines", RATINGS, [])


def test_what_is_exported_is_what_training_reads(coaching, tmp_path):
    first = coaching.add_case(Case("Dear Ana", kind="thank_you", notes="line\nline"), "workshop")
    second = coaching.add_case(Case("Dear Tom"), "labels")
    coaching.add_case(Case("Nobody rated this"), "labels")
    coaching.save(first, "Ines", RATINGS, ["wordy"])
    coaching.save(first, "Jo", {**RATINGS, "overall": 2.0}, [])
    coaching.save(second, "Ines", RATINGS, [])
    assert coaching.export(tmp_path) == 2
    dataset = read_dataset(tmp_path)
    assert [case.case.draft for case in dataset.cases] == ["Dear Ana", "Dear Tom"]
    assert dataset.cases[0].mean("overall") == 3.0 and dataset.cases[0].fault_share("wordy") == 0.5


def test_many_people_at_once_lose_nothing(coaching):
    ids = [coaching.add_case(Case(f"Dear Ana {number}"), "workshop") for number in range(4)]

    def work(number: int) -> None:
        coaching.save(ids[number % 4], f"Coach {number % 8}", {**RATINGS, "focus": 1.0 + number % 5}, [])
        coaching.add_case(Case("The same for all"), "workshop")

    with ThreadPoolExecutor(16) as people:
        list(people.map(work, range(64)))
    assert len(coaching.readings(latest=False)) == 64
    assert len(coaching.cases()) == 5
    assert len({one.coach for one in coaching.readings()}) == 8


def test_programs_that_start_together_migrate_once(url):
    with ThreadPoolExecutor(6) as programs:
        engines = list(programs.map(lambda _: open_database(url), range(6)))
    for number, engine in enumerate(engines):
        Coaching(engine).add_case(Case(f"Dear Ana {number}"), "workshop")
    assert len(Coaching(engines[0]).cases()) == 6
    for engine in engines:
        engine.dispose()


def test_the_migrations_make_exactly_the_tables_of_the_schema(url):
    engine = open_database(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    engine.dispose()


def test_sqlite_lets_people_read_while_one_writes(tmp_path):
    engine = open_database(f"sqlite:///{tmp_path / 'c.sqlite3'}")
    with engine.connect() as connection:
        assert connection.execute(sa.text("PRAGMA journal_mode")).scalar() == "wal"
    engine.dispose()


def test_the_database_is_in_the_users_folder_unless_named(monkeypatch, tmp_path):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("ANALYZER_HOME", str(tmp_path / "home"))
    engine = open_database()
    assert (tmp_path / "home" / "coaching.sqlite3").is_file()
    engine.dispose()
    monkeypatch.setenv("DATABASE_URL", " postgresql://a@b/c ")
    assert database_url() == "postgresql://a@b/c"


@pytest.mark.parametrize("url", ["nonsense", "", "what://a", "mongodb://a/b"])
def test_an_address_of_no_database_is_told_in_a_sentence(url, monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("ANALYZER_HOME", str(tmp_path))
    if not url:
        open_database().dispose()
        return
    with pytest.raises(UsageError, match="DATABASE_URL does not name a database"):
        open_database()


def test_a_place_that_cannot_be_written_is_told_without_the_password(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError, match="cannot be opened"):
        open_database(f"sqlite:///{tmp_path / 'file' / 'c.sqlite3'}")
    with pytest.raises(FileError) as caught:
        open_database("postgresql://coach:secret@127.0.0.1:9/none?connect_timeout=2")
    assert "secret" not in caught.value.message and "coach" in caught.value.message
