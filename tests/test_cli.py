"""The command line: what it prints where, with which exit status, and what it says of bad input."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from analyzer import __version__
from analyzer.cli import main

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "data" / "samples"
DRAFT = "Dear Ms Nair,\n\nThank you for Tuesday. The scanner app stays with me.\n\nKind regards,\nDana Whitfield\n"
# contract.md, "A report", and the engines that read the draft
FIELDS = [
    *("id", "kind", "kind_detected", "overall", "traits", "faults", "findings", "matches", "missed", "timing"),
    *("rewrites", "rewritten", "questions", "engines", "error"),
]
FINDING = ["rule", "trait", "severity", "start", "end", "text", "message", "suggestions"]
MATCH = ["item", "source", "how", "start", "end", "similarity"]
RATING = ["score", "rating", "interval"]
TRAITS = ["specificity", "focus", "concision", "enthusiasm", "grammar"]

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """``run("score", …, stdin=…)``: exit status, standard output, standard error; only Harper proofreads."""

    def run_main(*arguments: object, stdin: bytes | None = None) -> tuple[int, str, str]:
        given = [str(argument) for argument in arguments]
        if given[0] in ("score", "batch"):
            given += ["--engine", "harper"]
        stream = io.TextIOWrapper(io.BytesIO(stdin or b""), encoding="utf-8")
        monkeypatch.setattr(sys, "stdin", stream)
        capfd.readouterr()
        try:
            status = main(given)
        except SystemExit as left:
            status = left.code if isinstance(left.code, int) else 1
        printed = capfd.readouterr()
        return status, printed.out, printed.err

    return run_main


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "draft.txt"
    path.write_text(DRAFT, encoding="utf-8")
    return path


def check_refusal(answer: tuple[int, str, str], *words: str) -> None:
    """Exit status 2, nothing on standard output, one clear line on standard error."""
    status, out, err = answer
    assert (status, out) == (2, "")
    assert err.count("\n") == 1 and err.endswith(".\n") and len(err) < 400
    assert "Traceback" not in err and err[:-1].isprintable()
    for word in words:
        assert word.lower() in err.lower()


# ---- score


def test_a_text_file_is_scored(run: Run, draft: Path) -> None:
    status, out, err = run("score", draft)
    assert (status, err) == (0, "")
    for word in ("Overall", "Specificity", "Focus", "Concision", "Enthusiasm", "Grammar", "scanner app", "Harper"):
        assert word in out


@pytest.mark.parametrize("arguments", [("score",), ("score", "-")])
def test_a_pipe_is_scored_as_the_file_is(run: Run, draft: Path, arguments: tuple[str, ...]) -> None:
    assert run(*arguments, stdin=DRAFT.encode()) == run("score", draft)


def test_json_has_exactly_the_fields_of_the_contract(run: Run) -> None:
    status, out, err = run(
        *("score", SAMPLES / "draft.txt", "--notes", SAMPLES / "notes.txt", "--json"),
        *("--interviewer", "P. Nair", "--company", "Harbourline", "--role", "Returns Coordinator"),
    )
    assert (status, err) == (0, "")
    report = json.loads(out)
    assert list(report) == FIELDS
    assert list(report["overall"]) == RATING
    assert list(report["traits"]) == TRAITS
    assert all(list(trait) == [*RATING, "why"] for trait in report["traits"].values())
    assert report["findings"] and all(list(finding) == FINDING for finding in report["findings"])
    assert report["matches"] and all(list(match) == MATCH for match in report["matches"])
    assert all(list(fault) == ["tag", "probability"] for fault in report["faults"])
    assert report["missed"] and all(isinstance(item, str) for item in report["missed"])
    assert report["engines"] == ["harper"] and report["error"] is None and report["kind_detected"] is True
    text = (SAMPLES / "draft.txt").read_text(encoding="utf-8")
    assert all(text[finding["start"] : finding["end"]] == finding["text"] for finding in report["findings"])


def test_a_kind_that_is_given_is_kept(run: Run, draft: Path) -> None:
    report = json.loads(run("score", draft, "--json", "--kind", "rejection_reply")[1])
    assert (report["kind"], report["kind_detected"]) == ("rejection_reply", False)


@pytest.mark.parametrize("option", ["--interviewed-at", "--decision-by", "--previous"])
def test_dates_are_understood(run: Run, draft: Path, option: str) -> None:
    assert run("score", draft, "--sent", "2026-11-23T15:00", option, "2026-11-23T14:30")[0] == 0


def test_the_dates_give_a_verdict_a_reason_and_a_window(run: Run, draft: Path) -> None:
    dates = ("--interviewed-at", "2026-11-16", "--previous", "2026-11-16T20:00", "--sent", "2026-11-18T10:00")
    where = ("--zone", "Europe/Berlin", "--country", "DE-BY", "--kind", "follow_up")
    timing = json.loads(run("score", draft, "--json", *dates, *where)[1])["timing"]
    assert timing["verdict"] == "wait" and timing["send_between"][0] == "2026-11-23T09:00:00+01:00"
    assert "When to send" in run("score", draft, *dates, *where)[1]
    assert json.loads(run("score", draft, "--json")[1])["timing"] is None


def test_dates_leave_the_ratings_alone(run: Run, draft: Path) -> None:
    dated = ("--interviewed-at", "2026-11-02", "--sent", "2026-11-18", "--kind", "thank_you")
    one, other = (json.loads(run("score", draft, "--json", *more)[1]) for more in (dated, ("--kind", "thank_you")))
    assert one["overall"] == other["overall"] and one["traits"] == other["traits"] and one["timing"]


def test_reminder_and_mail_are_written_beside_the_report(run: Run, draft: Path, tmp_path: Path) -> None:
    dates = ("--interviewed-at", "2026-11-16", "--sent", "2026-11-16T18:00")
    calendar, mail = tmp_path / "send.ics", tmp_path / "draft.eml"
    assert run("score", draft, *dates, "--ics", calendar, "--eml", mail)[0] == 0
    assert calendar.read_bytes().startswith(b"BEGIN:VCALENDAR") and b"Subject: Thank you" in mail.read_bytes()
    check_refusal(run("score", draft, "--ics", calendar), "--interviewed-at")
    check_refusal(run("score", draft, "--eml", tmp_path / "nowhere" / "a.eml"), "nowhere", "cannot be written")


def test_a_channel_changes_what_is_asked_for(run: Run, draft: Path) -> None:
    rules = {
        channel: {
            finding["rule"]
            for finding in json.loads(run("score", draft, "--json", "--channel", channel)[1])["findings"]
        }
        for channel in ("email", "card")
    }
    assert rules["email"] - rules["card"] == {"etiquette.subject_missing"}


def test_a_draft_may_be_markdown_mail_or_word(run: Run, tmp_path: Path) -> None:
    from docx import Document

    (tmp_path / "draft.md").write_text(DRAFT, encoding="utf-8")
    (tmp_path / "draft.eml").write_bytes(
        b"From: d@w.example\r\nTo: p@n.example\r\nSubject: Thanks\r\n\r\n" + DRAFT.encode()
    )
    document = Document()
    for line in DRAFT.splitlines():
        document.add_paragraph(line)
    document.save(str(tmp_path / "draft.docx"))
    for name in ("draft.md", "draft.eml", "draft.docx"):
        status, out, err = run("score", tmp_path / name, "--json")
        assert (status, err) == (0, ""), name
        assert json.loads(out)["overall"]["score"] >= 0.0


# ---- bad input: one clear sentence each


def test_an_unknown_kind(run: Run, draft: Path) -> None:
    check_refusal(run("score", draft, "--kind", "love_letter"), "love_letter", "thank_you", "rejection_reply")


@pytest.mark.parametrize("option", ["--interviewed-at", "--decision-by", "--sent"])
@pytest.mark.parametrize("date", ["soon", "2026-02-30", "23.11.2026", "99999-01-01"])
def test_a_date_that_is_none(run: Run, draft: Path, option: str, date: str) -> None:
    check_refusal(run("score", draft, option, date), option, "2026")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            ("--interviewed-at", "2026-11-20", "--decision-by", "2026-11-18", "--sent", "2026-11-21"),
            "before the interview",
        ),
        (("--interviewed-at", "2026-11-20", "--sent", "2026-11-18"), "after the message is sent"),
        (("--zone", "Mars/Olympus"), "Mars/Olympus"),
        (("--country", "XX"), "XX"),
        (("--channel", "pigeon"), "pigeon"),
        (("--previous", "2026-02-30"), "--previous"),
        (("--previous", "2026-11-01") * 200, "over 100 times"),
    ],
)
def test_dates_and_places_that_cannot_be(run: Run, draft: Path, options: tuple[str, ...], words: str) -> None:
    check_refusal(run("score", draft, *options), words)


def test_a_missing_file(run: Run, tmp_path: Path) -> None:
    check_refusal(run("score", tmp_path / "nowhere.txt"), "nowhere.txt", "does not exist")


def test_missing_notes(run: Run, draft: Path, tmp_path: Path) -> None:
    check_refusal(run("score", draft, "--notes", tmp_path / "nowhere.txt"), "nowhere.txt", "does not exist")


def test_a_folder(run: Run, tmp_path: Path) -> None:
    check_refusal(run("score", tmp_path), "folder")


@pytest.mark.parametrize("text", [b"", b" \n\t\r\n"])
def test_an_empty_draft(run: Run, tmp_path: Path, text: bytes) -> None:
    (tmp_path / "empty.txt").write_bytes(text)
    check_refusal(run("score", tmp_path / "empty.txt"), "empty")
    check_refusal(run("score", stdin=text), "empty")


def test_notes_without_a_draft(run: Run) -> None:
    check_refusal(run("score", "--notes", SAMPLES / "notes.txt", stdin=b""), "empty")


def test_no_words(run: Run) -> None:
    check_refusal(run("score", stdin="😀 123 —".encode()), "no words")


@pytest.mark.parametrize(
    "data", [bytes(range(256)) * 8, b"\x00\x01\x02", b"\x89PNG\r\n\x1a\n" + b"\x00" * 64, b"%PDF-1.7\n%\xe2\xe3"]
)
def test_binary(run: Run, tmp_path: Path, data: bytes) -> None:
    (tmp_path / "draft.txt").write_bytes(data)
    check_refusal(run("score", tmp_path / "draft.txt"))
    check_refusal(run("score", stdin=data))


def test_another_language(run: Run) -> None:
    german = "Sehr geehrte Frau Okafor, vielen Dank für das gestrige Gespräch. Ich freue mich sehr auf Ihre Antwort."
    check_refusal(run("score", stdin=german.encode()), "language", "English")


def test_a_megabyte_of_text(run: Run, tmp_path: Path) -> None:
    text = ("Thank you for the tour of the depot. " * 30_000).encode()
    assert len(text) > 1_000_000
    (tmp_path / "draft.txt").write_bytes(text)
    check_refusal(run("score", tmp_path / "draft.txt"), "larger than 1 MB")
    check_refusal(run("score", stdin=text[:900_000]), "characters", "20,000")


def test_text_that_is_not_utf_8_is_read_or_refused(run: Run, tmp_path: Path) -> None:
    latin = "Dear Ms Lindström,\n\nThank you for the café tour – it was good.\n\nZoë Hart".encode("cp1252")
    assert run("score", stdin=latin)[0] == 0
    check_refusal(run("score", stdin=b"\xff\xfe\x00"), "encoding")


def test_a_zip_bomb_in_a_word_file(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "draft.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b" " * 60_000_000)
    check_refusal(run("score", path), "draft.docx")


def test_a_word_file_that_is_none(run: Run, tmp_path: Path) -> None:
    (tmp_path / "draft.docx").write_text(DRAFT, encoding="utf-8")
    check_refusal(run("score", tmp_path / "draft.docx"), "docx")


def test_an_unknown_engine(run: Run, draft: Path) -> None:
    check_refusal(run("score", draft, "--engine", "grammarbot"), "grammarbot", "harper")


def test_a_model_that_is_none(run: Run, draft: Path, tmp_path: Path) -> None:
    check_refusal(run("score", draft, "--model", tmp_path), "model", "manifest.json")


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("frobnicate",),
        ("score", "--frobnicate"),
        ("score", "a", "b"),
        ("batch",),
        ("batch", "x.jsonl"),
        ("app", "--port", "x"),
    ],
)
def test_wrong_usage(run: Run, arguments: tuple[str, ...]) -> None:
    check_refusal(run(*arguments) if arguments else run("--no-such-option"), "--help")


# ---- batch


def rows(*drafts: str | None) -> str:
    return "".join(
        json.dumps({"id": f"case {number}"} if text is None else {"id": f"case {number}", "draft": text}) + "\n"
        for number, text in enumerate(drafts, start=1)
    )


def test_a_batch_with_three_bad_rows_of_six(run: Run, tmp_path: Path) -> None:
    source, output = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(rows(DRAFT, "", DRAFT + "P", None, DRAFT + "S", "😀"), encoding="utf-8")
    status, out, err = run("batch", source, "-o", output)
    assert (status, out) == (1, "")
    reports = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    assert [report["id"] for report in reports] == [f"case {number}" for number in range(1, 7)]
    for report in reports:
        if report["id"] in ("case 2", "case 4", "case 6"):
            assert list(report) == ["id", "error"] and set(report["error"]) == {"code", "message"}
            assert any(line.startswith(f"{report['id']}: ") for line in err.splitlines())
        else:
            assert list(report) == FIELDS and report["error"] is None
    assert "3 drafts scored, 3 could not be" in err
    assert list(tmp_path.iterdir()) in ([source, output], [output, source]), "no half-written file is left"


def test_the_same_draft_alone_and_in_a_batch(run: Run, draft: Path, tmp_path: Path) -> None:
    source, output = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(rows("Hi Ana, thanks. Ben", DRAFT), encoding="utf-8")
    assert run("batch", source, "-o", output)[0] == 0
    alone = json.loads(run("score", draft, "--json")[1])
    batched = json.loads(output.read_text(encoding="utf-8").splitlines()[1])
    assert {**alone, "id": "case 2"} == batched


def test_a_batch_reads_a_pipe_and_several_inputs(run: Run, tmp_path: Path) -> None:
    table, output = tmp_path / "in.csv", tmp_path / "out.jsonl"
    table.write_text('id,draft\nfrom table,"Hi Ana, thanks for today. Ben"\n', encoding="utf-8")
    assert run("batch", "-", table, "-o", output, stdin=rows(DRAFT).encode())[0] == 0
    assert [json.loads(line)["id"] for line in output.read_text(encoding="utf-8").splitlines()] == [
        "case 1",
        "from table",
    ]


def test_a_batch_of_which_nothing_is_scored(run: Run, tmp_path: Path) -> None:
    source, output = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(rows("", "😀"), encoding="utf-8")
    status, out, err = run("batch", source, "-o", output)
    assert (status, out) == (2, "")
    assert "case 1: " in err and "case 2: " in err


def test_a_batch_that_breaks_leaves_what_was_there(run: Run, tmp_path: Path) -> None:
    source, output = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(rows(DRAFT), encoding="utf-8")
    output.write_text("what was there\n", encoding="utf-8")
    check_refusal(run("batch", source, tmp_path / "nowhere.jsonl", "-o", output), "nowhere.jsonl")
    assert output.read_text(encoding="utf-8") == "what was there\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


def test_an_output_nobody_can_write(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    source.write_text(rows(DRAFT), encoding="utf-8")
    check_refusal(run("batch", source, "-o", tmp_path / "out.docx"), "out.docx")
    check_refusal(run("batch", source, "-o", tmp_path / "nowhere" / "out.jsonl"), "out.jsonl")


# ---- quick and quiet


def python(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=ROOT,
        env=environment,
        check=False,
        **options,
    )


def test_the_version_is_told_without_loading_anything_heavy() -> None:
    code = (
        "import sys\nfrom analyzer.cli import main\n"
        "try:\n    main(['--version'])\nexcept SystemExit as left:\n    assert left.code == 0\n"
        "heavy = {'spacy', 'sklearn', 'numpy', 'scipy', 'skops', 'rich', 'harper', 'pyarrow', 'textstat', 'rapidfuzz'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = python("-c", code)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"analyzer {__version__}\n"


def test_making_an_analyzer_loads_no_model() -> None:
    code = "import sys\nfrom analyzer.pipeline import Analyzer\nAnalyzer(engines=('harper',))\nassert not {'spacy', 'harper', 'skops'} & set(sys.modules)"
    done = python("-c", code)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_command_from_a_shell() -> None:
    done = python("-m", "analyzer", "score", "--engine", "harper", "--json", input=DRAFT)
    assert (done.returncode, done.stderr) == (0, "")
    assert list(json.loads(done.stdout)) == FIELDS


def test_a_reader_that_goes_away_is_told_nothing() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    code = (
        "import sys\nfrom analyzer import cli\n"
        "cli._doctor = lambda options: print('a line') or 0\n"
        "sys.exit(cli.main(['doctor']))"
    )
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-c", code], stdout=writing, stderr=subprocess.PIPE, text=True, timeout=60, check=False,
            env={**environment, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (2, "")


def test_nothing_but_the_report_is_ever_written_to_standard_output(sampled) -> None:
    assert len(sampled.reports) == 60
    assert sampled.printed == ""


def test_the_doctor_names_every_part(run: Run) -> None:
    status, out, err = run("doctor")
    assert (status, err) == (0, "")
    for part in ("analyzer", "Python", "spaCy model", "model", "harper", "languagetool", "web app", "browser"):
        assert any(part in line for line in out.splitlines())
    assert all(line.startswith(("ok", "missing")) for line in out.splitlines())
