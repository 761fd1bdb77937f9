"""Tables and folders: every format gives the same cases, bad rows are reported in their place, bad files say why."""

from __future__ import annotations

import csv
import json
import mailbox
import os
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzer.errors import AnalyzerError, FileError, UsageError
from analyzer.reading import TABLE_FORMATS, BadRow, read_cases, read_cases_stream
from analyzer.reading.columns import ColumnChoice, choice_from
from analyzer.reading.formats import TableFormat
from analyzer.reading.piped import piped_file
from analyzer.types import Case

Rows = list[dict[str, Any]]


def columns(rows: Rows) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def write_jsonl(path: Path, rows: Rows) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def write_csv(path: Path, rows: Rows, delimiter: str = ",") -> None:
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, columns(rows), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)


def write_tsv(path: Path, rows: Rows) -> None:
    write_csv(path, rows, "\t")


def write_xlsx(path: Path, rows: Rows) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(columns(rows))
    for row in rows:
        sheet.append([row.get(name) for name in columns(rows)])
    workbook.save(path)


def write_parquet(path: Path, rows: Rows) -> None:
    pq.write_table(pa.table({name: [row.get(name) for row in rows] for name in columns(rows)}), path)


def write_folder(path: Path, rows: Rows) -> None:
    path.mkdir()
    for row in rows:
        (path / row["id"]).write_text(row["draft"], encoding="utf-8")


def write_zip(path: Path, rows: Rows) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for row in rows:
            archive.writestr(row["id"], row["draft"])


def write_mbox(path: Path, rows: Rows) -> None:
    box = mailbox.mbox(path)
    for row in rows:
        message = EmailMessage()
        message["From"] = f"{row.get('participant', 'pat')}@example.org"
        message["Date"] = "Tue, 24 Nov 2026 09:30:00 +0000"
        message.set_content(row["draft"], cte="base64")
        box.add(message)
    box.close()


WRITERS: dict[str, Callable[[Path, Rows], None]] = {
    "jsonl": write_jsonl,
    "csv": write_csv,
    "tsv": write_tsv,
    "xlsx": write_xlsx,
    "parquet": write_parquet,
    "folder": write_folder,
    "zip": write_zip,
    "mbox": write_mbox,
}
# a mailbox has no ids and its texts end in a line end
NAMED = [form for form in TABLE_FORMATS if form.name != "mbox"]
COLUMNED = [form for form in TABLE_FORMATS if form.name in ("csv", "tsv", "xlsx", "parquet")]
FILES = [form for form in TABLE_FORMATS if form.name not in ("folder", "zip", "mbox")]


def place(tmp_path: Path, form: TableFormat) -> Path:
    return tmp_path / f"cases{form.endings[0].rstrip('/')}"


def by_name(form: TableFormat) -> str:
    return form.name


def file_error(path: Path) -> FileError:
    with pytest.raises(FileError) as caught:
        list(read_cases(path))
    message = caught.value.message
    assert message.startswith(str(path)) and message.endswith(".") and message.encode()
    return caught.value


def case(found: Case | BadRow) -> Case:
    assert isinstance(found, Case), found
    return found


def bad(found: Case | BadRow) -> BadRow:
    assert isinstance(found, BadRow), found
    assert found.message.endswith(".") and found.message.encode() and found.id.encode()
    return found


@pytest.mark.parametrize("form", NAMED, ids=by_name)
class TestEveryFormat:
    def test_gives_the_cases_in_order(self, form: TableFormat, tmp_path: Path) -> None:
        drafts = {"a.txt": 'Dear Zoë,\n\nthanks 🙂; "quoted", tab\there', "b.txt": "=1+1", "c.txt": " Hi "}
        path = place(tmp_path, form)
        WRITERS[form.name](path, [{"id": name, "draft": draft} for name, draft in drafts.items() if draft[0] != "="])
        found = [case(item) for item in read_cases(path)]
        assert [(item.id, item.draft) for item in found] == [(n, d) for n, d in drafts.items() if d[0] != "="]
        assert found == list(read_cases(path))

    def test_a_bad_row_does_not_stop_the_rest(self, form: TableFormat, tmp_path: Path) -> None:
        path = place(tmp_path, form)
        drafts = ["Hi", " ", "a" * 20_001, "Bye"]
        WRITERS[form.name](path, [{"id": f"{i}.txt", "draft": draft} for i, draft in enumerate(drafts)])
        first, second, third, last = read_cases(path)
        assert (case(first).draft, case(last).draft) == ("Hi", "Bye")
        assert [(bad(item).id, bad(item).row, bad(item).code) for item in (second, third)] == [
            ("1.txt", 2, "empty_draft"),
            ("2.txt", 3, "too_large"),
        ]

    def test_nothing_inside_is_a_file_error(self, form: TableFormat, tmp_path: Path) -> None:
        path = place(tmp_path, form)
        if form.name == "folder":
            path.mkdir()
        else:
            path.touch()
        assert file_error(path).code in ("empty_file", "missing_column", "bad_table")


@pytest.mark.parametrize("form", FILES, ids=by_name)
class TestEveryFile:
    def test_fields_of_all_sorts_arrive(self, form: TableFormat, tmp_path: Path) -> None:
        path = place(tmp_path, form)
        fields = {"kind": "Follow up", "notes": "met Bob", "sent_at": "2026-11-23T10:00Z", "other": "x"}
        WRITERS[form.name](path, [{"draft": "Hi", **fields}])
        sent = datetime(2026, 11, 23, 10, tzinfo=UTC)
        assert list(read_cases(path)) == [Case(draft="Hi", id="1", kind="follow_up", notes="met Bob", sent_at=sent)]

    def test_a_second_use_of_an_id_is_a_bad_row(self, form: TableFormat, tmp_path: Path) -> None:
        path = place(tmp_path, form)
        WRITERS[form.name](path, [{"id": "a", "draft": "Hi"}, {"id": "a", "draft": "Ho"}, {"id": "b", "draft": "Hu"}])
        first, second, third = read_cases(path)
        assert (case(first).draft, case(third).draft) == ("Hi", "Hu")
        assert (bad(second).id, bad(second).row, bad(second).code) == ("a", 2, "duplicate_id")

    def test_ten_megabytes_in_one_cell_are_a_bad_row(self, form: TableFormat, tmp_path: Path) -> None:
        path = place(tmp_path, form)
        WRITERS[form.name](path, [{"draft": "Hi"}, {"draft": f'so, "much" {"x" * 90}\n' * 100_000}, {"draft": "Bye"}])
        first, second, third = read_cases(path)
        assert (case(first).draft, case(third).draft) == ("Hi", "Bye")
        assert (bad(second).row, bad(second).code) == (2, "too_large")

    @settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
    @given(data=st.binary(max_size=200), at=st.floats(0, 1))
    def test_any_bytes_give_rows_or_an_error(self, form: TableFormat, tmp_path: Path, data: bytes, at: float) -> None:
        path = place(tmp_path, form)
        WRITERS[form.name](path, [{"draft": f"Dear {name}, thanks", "id": name} for name in "abc"])
        whole = path.read_bytes()
        start = int(at * len(whole))
        for content in (data, whole[:start] + data + whole[start + len(data) :]):
            path.write_bytes(content)
            try:
                found = list(read_cases(path))
            except AnalyzerError as trouble:
                trouble.message.encode()
            else:
                assert found and all(isinstance(item, Case) or bad(item) for item in found)


@pytest.mark.parametrize("form", COLUMNED, ids=by_name)
class TestColumns:
    def test_without_a_draft_column_the_columns_found_are_named(self, form: TableFormat, tmp_path: Path) -> None:
        path = place(tmp_path, form)
        WRITERS[form.name](path, [{"colour": "Hi", "Notes": "x"}])
        trouble = file_error(path)
        assert (
            trouble.code == "missing_column" and "'colour', 'Notes'" in trouble.message and "--map" in trouble.message
        )

    def test_columns_are_matched_by_what_people_call_them_and_said_aloud(
        self, form: TableFormat, tmp_path: Path
    ) -> None:
        path, said = place(tmp_path, form), list[str]()
        WRITERS[form.name](
            path, [{"Student": "Bo Ek", "E-mail text:": "Hi", "Interview_Notes": "x", "Company name": "Y", "Mood": "z"}]
        )
        (found,) = read_cases(path, ColumnChoice(say=said.append))
        assert found == Case(draft="Hi", notes="x", company="Y", participant="Bo Ek")
        assert said == [
            f"{path}: reading 'E-mail text:' as draft, 'Interview_Notes' as notes, 'Company name' as company, "
            "'Student' as participant; not used: 'Mood'."
        ]

    def test_a_form_with_questions_as_names_is_understood(self, form: TableFormat, tmp_path: Path) -> None:
        path = place(tmp_path, form)
        WRITERS[form.name](path, [{"Timestamp": "1", "Please paste your thank-you email here": "Hi"}])
        assert [case(found).draft for found in read_cases(path)] == ["Hi"]

    def test_two_columns_that_may_be_the_draft_are_asked_about_and_settled(
        self, form: TableFormat, tmp_path: Path
    ) -> None:
        path = place(tmp_path, form)
        WRITERS[form.name](path, [{"Message": "one", "Email text": "two"}])
        assert "'Message' or 'Email text'" in file_error(path).message
        assert [case(found).draft for found in read_cases(path, choice_from(["draft=email text"]))] == ["two"]
        with pytest.raises(FileError, match="no column called 'Mail', which --map wants"):
            list(read_cases(path, choice_from(["draft=Mail"])))

    def test_a_settled_column_wins_over_the_very_name(self, form: TableFormat, tmp_path: Path) -> None:
        path = place(tmp_path, form)
        WRITERS[form.name](path, [{"draft": "one", "final": "two"}])
        assert [case(found).draft for found in read_cases(path, choice_from(["draft=final"]))] == ["two"]

    def test_a_header_alone_is_an_empty_file(self, form: TableFormat, tmp_path: Path) -> None:
        path = place(tmp_path, form)
        WRITERS[form.name](path, [{"draft": "Hi"}])
        if form.name == "parquet":
            pq.write_table(pa.table({"draft": pa.array([], pa.string())}), path)
        elif form.name == "xlsx":
            WRITERS["xlsx"](path, [{"draft": None}])
        else:
            path.write_text("draft\n")
        assert file_error(path).code == "empty_file"


@pytest.mark.parametrize("settled", ["draft", "draft=", "mood=x", "=x"])
def test_a_map_that_names_no_field_and_column_is_refused(settled: str) -> None:
    with pytest.raises(UsageError, match="--map"):
        choice_from([settled])


class TestMbox:
    def test_gives_each_message_with_its_sender_and_time(self, tmp_path: Path) -> None:
        path = tmp_path / "box.mbox"
        write_mbox(path, [{"draft": "Dear Zoë,\n\nFrom here on\n", "participant": "ann"}, {"draft": "Hi\n"}])
        first, second = (case(found) for found in read_cases(path))
        assert (first.id, first.draft, first.participant) == ("1", "Dear Zoë,\n\nFrom here on\n", "ann@example.org")
        assert first.sent_at == datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
        assert (second.id, second.draft) == ("2", "Hi\n")

    def test_a_mail_without_words_does_not_stop_the_rest(self, tmp_path: Path) -> None:
        path = tmp_path / "box.mbox"
        write_mbox(path, [{"draft": " \n"}, {"draft": "Hi\n"}])
        first, second = read_cases(path)
        assert (bad(first).row, case(second).draft) == (1, "Hi\n")

    def test_what_is_no_mailbox_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "box.mbox").write_text("Dear Ana")
        assert file_error(tmp_path / "box.mbox").code == "bad_table"
        (tmp_path / "box.mbox").write_text("")
        assert file_error(tmp_path / "box.mbox").code == "empty_file"


class TestZip:
    def test_a_locked_zip_says_so(self, tmp_path: Path) -> None:
        path = tmp_path / "cases.zip"
        write_zip(path, [{"id": "a.txt", "draft": "Hi"}])
        data = bytearray(path.read_bytes())
        # the bit "encrypted" in the header of the member and in the directory
        data[6] |= 1
        data[data.index(b"PK\x01\x02") + 8] |= 1
        path.write_bytes(bytes(data))
        assert file_error(path).code == "locked_file"

    def test_a_bomb_inside_is_one_bad_row(self, tmp_path: Path) -> None:
        path = tmp_path / "cases.zip"
        write_zip(path, [{"id": "a.txt", "draft": "Hi"}, {"id": "b.txt", "draft": "0" * 50_000_000}])
        first, second = read_cases(path)
        assert (case(first).draft, bad(second).code) == ("Hi", "too_large")

    def test_what_is_no_document_is_named_and_leftovers_are_not(self, tmp_path: Path) -> None:
        path = tmp_path / "cases.zip"
        names = ("a.txt", "b.pdf", "__MACOSX/._a.txt", ".DS_Store", "../c.txt")
        write_zip(path, [{"id": name, "draft": "Hi"} for name in names])
        found = list(read_cases(path))
        assert [item.id for item in found] == ["a.txt", "b.pdf"]
        assert bad(found[1]).code == "unknown_ending"


@pytest.mark.parametrize("form", [form for form in TABLE_FORMATS if form.name not in ("tsv", "folder")], ids=by_name)
def test_standard_input_may_hold_any_format(form: TableFormat, tmp_path: Path) -> None:
    path = place(tmp_path, form)
    WRITERS[form.name](path, [{"id": "a.txt", "draft": "Dear Ana\n"}, {"id": "b.txt", "draft": "Hi\n"}])
    with path.open("rb") as stream, piped_file(stream) as piped:
        assert [case(found).draft for found in read_cases(piped)] == ["Dear Ana\n", "Hi\n"]
    assert not piped.exists()


def test_a_formula_without_its_value_says_so(tmp_path: Path) -> None:
    drafts = ("Hi", '=CONCAT(A2," ",B2)', "= me again")
    for form in COLUMNED:
        path = place(tmp_path, form)
        WRITERS[form.name](path, [{"id": i, "draft": draft} for i, draft in enumerate(drafts)])
        first, second, third = read_cases(path)
        assert bad(second).code == "formula" and "values" in bad(second).message
        assert case(first).draft == "Hi"
        assert form.name == "xlsx" or case(third).draft == "= me again"


class TestJsonl:
    def lines(self, *lines: bytes) -> list[Case | BadRow]:
        return list(read_cases_stream(BytesIO(b"\n".join(lines)), "-"))

    def test_bad_lines_are_named(self) -> None:
        found = self.lines(
            b'\xef\xbb\xbf{"draft": "Hi"}',
            b"",
            b'{"draft": ',
            b"[1]",
            b'{"draft": "\xff"}',
            b"[" * 100_000,
            b'{"draft": "\\ud800"}',
            b'{"draft": ' + b"9" * 5000 + b"}",
            b'{"draft": "Bye"}\r',
        )
        assert (case(found[0]).id, case(found[-1]).id) == ("1", "9")
        assert [(bad(item).row, bad(item).code) for item in found[1:-1]] == [
            (3, "bad_json"),
            (4, "bad_json"),
            (5, "bad_encoding"),
            (6, "bad_json"),
            (7, "bad_encoding"),
            (8, "bad_json"),
        ]
        assert all(f"Line {bad(item).row} " in bad(item).message for item in found[1:5])

    def test_previous_messages_and_numbers_are_taken(self) -> None:
        (found,) = self.lines(b'{"draft": "Hi", "id": 5, "role": null, "previous_messages": ["2026-11-01"]}')
        assert found == Case(draft="Hi", id="5", previous_messages=(datetime(2026, 11, 1),))

    def test_a_row_number_taken_as_id_counts_as_used(self) -> None:
        found = self.lines(b'{"draft": "a", "id": "2"}', b'{"draft": "b"}')
        assert bad(found[1]).code == "duplicate_id"

    def test_utf16_is_a_file_error(self) -> None:
        with pytest.raises(FileError, match="UTF-8"):
            self.lines('{"draft": "Hi"}'.encode("utf-16"))

    def test_an_empty_stream_is_a_file_error(self) -> None:
        with pytest.raises(FileError, match=r"^Standard input holds no cases"):
            self.lines(b"\n\n")

    def test_cases_come_before_the_stream_ends(self) -> None:
        reader, writer = os.pipe()
        os.write(writer, b'{"draft": "Hi"}\n')
        with os.fdopen(reader, "rb") as stream:
            assert case(next(read_cases_stream(stream, "-"))).draft == "Hi"
            os.close(writer)


class TestDelimited:
    def read(self, tmp_path: Path, data: bytes, name: str = "cases.csv") -> list[Case | BadRow]:
        (tmp_path / name).write_bytes(data)
        return list(read_cases(tmp_path / name))

    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    def test_the_delimiter_is_found(self, tmp_path: Path, delimiter: str) -> None:
        (found,) = self.read(tmp_path, f'id{delimiter}"draft"\na{delimiter}"x, y; z"\n'.encode())
        assert (case(found).id, case(found).draft) == ("a", "x, y; z")

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
    def test_encodings_of_excel_are_read(self, tmp_path: Path, encoding: str) -> None:
        (found,) = self.read(tmp_path, 'draft;notes\r\n"It\u2019s José\r\n\r\nBye";ok\r\n'.encode(encoding))
        assert (case(found).draft, case(found).notes) == ("It\u2019s José\r\n\r\nBye", "ok")

    def test_torn_rows_are_reported(self, tmp_path: Path) -> None:
        first, second, third = self.read(
            tmp_path, b'\nid,draft\n\na,Hi\nb,Dear Anna, thanks\n,\nc,"never closed\nd,Ho\n'
        )
        assert case(first).id == "a"
        assert bad(second).code == "bad_row" and "line 5" in bad(second).message and "3 cells" in bad(second).message
        assert bad(third).code == "bad_row" and "never closed" in bad(third).message

    def test_a_short_row_has_no_draft(self, tmp_path: Path) -> None:
        (found,) = self.read(tmp_path, b"id,draft\na\n")
        assert (bad(found).id, bad(found).code) == ("a", "missing_draft")

    def test_control_characters_and_a_quote_inside_words_are_seen(self, tmp_path: Path) -> None:
        first, second = self.read(tmp_path, b'draft\ta\na\0b\t\n5" screen\t\n', "cases.tsv")
        assert bad(first).code == "not_text" and case(second).draft == '5" screen'

    def test_two_columns_of_one_name_are_refused(self, tmp_path: Path) -> None:
        with pytest.raises(FileError, match="two columns called 'id'"):
            self.read(tmp_path, b"id,draft,id\na,b,c\n")

    def test_one_endless_line_is_a_bad_row(self, tmp_path: Path) -> None:
        first, second = self.read(tmp_path, b'draft,id\n"' + b"a" * 3_000_000 + b'\n",x\nHi,y\n')
        assert bad(first).code == "too_large" and case(second).id == "y"


class TestExcel:
    def test_dates_numbers_and_returns_are_understood(self, tmp_path: Path) -> None:
        path = tmp_path / "cases.xlsx"
        rows: Rows = [
            {"id": 12.0, "draft": "Hi_x000D_\nBye", "sent_at": datetime(2026, 11, 23, 9)},
            {},
            {"id": None, "draft": 5, "sent_at": None},
        ]
        write_xlsx(path, rows)
        assert list(read_cases(path)) == [
            Case(draft="Hi\r\nBye", id="12", sent_at=datetime(2026, 11, 23, 9)),
            Case(draft="5", id="3"),
        ]

    def test_a_wrong_size_in_the_sheet_hides_no_rows(self, tmp_path: Path) -> None:
        path = tmp_path / "cases.xlsx"
        write_xlsx(path, [{"id": "a", "draft": "Hi"}, {"id": "b", "draft": "Ho"}])
        changed = self.rewritten(path, "xl/worksheets/sheet1.xml", b'<dimension ref="A1:B3"', b'<dimension ref="A1:A1"')
        path.write_bytes(changed)
        assert [case(found).id for found in read_cases(path)] == ["a", "b"]

    def test_an_absurd_row_number_ends(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("analyzer.reading.xlsx.MAX_SHEET_ROWS", 1000)
        path = tmp_path / "cases.xlsx"
        write_xlsx(path, [{"draft": "Hi"}])
        path.write_bytes(self.rewritten(path, "xl/worksheets/sheet1.xml", b'<row r="2">', b'<row r="99999999999">'))
        assert file_error(path).code == "bad_table"

    def test_locked_and_foreign_files_are_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "cases.xlsx"
        for data, code in (
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "locked_file"),
            (b"draft\nHi\n", "bad_table"),
            (b"", "bad_table"),
        ):
            path.write_bytes(data)
            assert file_error(path).code == code
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("xl/workbook.xml", "<!DOCTYPE a><a/>")
        assert "entities" in file_error(path).message

    def rewritten(self, path: Path, member: str, old: bytes, new: bytes) -> bytes:
        stream = BytesIO()
        with zipfile.ZipFile(path) as source, zipfile.ZipFile(stream, "w") as target:
            for name in source.namelist():
                data = source.read(name)
                assert name != member or old in data
                target.writestr(name, data.replace(old, new) if name == member else data)
        return stream.getvalue()


class TestParquet:
    def test_times_and_lists_of_its_own_types_are_understood(self, tmp_path: Path) -> None:
        path = tmp_path / "cases.parquet"
        sent = datetime(2026, 11, 23, 9, tzinfo=UTC)
        table = pa.table(
            {
                "draft": pa.array(["Hi"]).dictionary_encode(),
                "id": pa.array([12.0]),
                "sent_at": pa.array([int(sent.timestamp()) * 10**9 + 1], pa.timestamp("ns", "UTC")),
                "previous_messages": pa.array([[datetime(2026, 11, 1)]], pa.list_(pa.timestamp("us"))),
                "unknown": pa.array([{"a": 1}]),
            }
        )
        pq.write_table(table, path)
        (found,) = read_cases(path)
        assert found == Case(draft="Hi", id="12", sent_at=sent, previous_messages=(datetime(2026, 11, 1),))

    def test_one_row_that_is_not_utf8_leaves_the_others(self, tmp_path: Path) -> None:
        path = tmp_path / "cases.parquet"
        text = pa.array([b"Hi", b"\xff", b"Bye"]).view(pa.string())
        pq.write_table(pa.table({"draft": text}), path)
        first, second, third = read_cases(path)
        assert (case(first).draft, case(third).draft) == ("Hi", "Bye")
        assert (bad(second).row, bad(second).code) == (2, "bad_encoding")


class TestFolder:
    def test_documents_inside_folders_have_relative_names(self, tmp_path: Path) -> None:
        (tmp_path / "more" / ".git").mkdir(parents=True)
        for name in ("b.md", "more/a.txt", ".hidden.txt", "~$b.docx", "more/.git/x.txt"):
            (tmp_path / name).write_text("*Hi*")
        assert [(case(found).id, case(found).draft) for found in read_cases(tmp_path)] == [
            ("b.md", "Hi"),
            ("more/a.txt", "*Hi*"),
        ]

    def test_files_that_are_no_drafts_are_named_not_skipped(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "a.txt")
        (tmp_path / "b.pdf").write_bytes(b"%PDF")
        (tmp_path / "c.docx").write_bytes(b"broken")
        (tmp_path / "d.txt").symlink_to(tmp_path / "gone.txt")
        (tmp_path / os.fsdecode(b"e\xff.txt")).write_text("Hi")
        codes = [bad(found).code for found in list(read_cases(tmp_path))[:4]]
        assert codes == ["not_text", "unknown_ending", "bad_docx", "not_text"]
        assert case(list(read_cases(tmp_path))[4]).id == "e\ufffd.txt"


def test_wrong_paths_are_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    (tmp_path / "a.ods").touch()
    for name, code in (
        ("no.csv", "missing_file"),
        ("a.txt", "unknown_ending"),
        ("a.ods", "unknown_ending"),
        ("a\0.csv", "missing_file"),
        ("a" * 5000, "missing_file"),
    ):
        with pytest.raises(FileError) as caught:
            read_cases(tmp_path / name)
        assert caught.value.code == code
