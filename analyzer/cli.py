"""The command line. Imports are made inside the commands, so that ``analyzer --version`` answers at once."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from analyzer import __version__
from analyzer.errors import AnalyzerError, FileError, UsageError

if TYPE_CHECKING:
    from analyzer.types import Case, Report

DONE, SOME_FAILED, NOTHING_DONE = 0, 1, 2


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence and exits with 2."""

    def error(self, message: str) -> NoReturn:
        self.exit(NOTHING_DONE, f"{self.prog}: {message}. See “{self.prog} --help”.\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Gives the exit status: 0 done, 1 some inputs failed, 2 wrong usage or nothing done."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        status = command(options)
        # a reader that went away is noticed here at the latest, not by Python on its way out
        sys.stdout.flush()
        return status
    except AnalyzerError as error:
        print(error.message, file=sys.stderr)
        return NOTHING_DONE
    except BrokenPipeError:
        # the reader went away (“| head”): nobody is left to tell
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NOTHING_DONE
    except KeyboardInterrupt as stop:
        print(str(stop) or "Stopped.", file=sys.stderr)
        return NOTHING_DONE


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="analyzer",
        description="How will the message you send after an interview land? Everything stays on this machine.",
    )
    parser.add_argument("--version", action="version", version=f"analyzer {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=_Parser)
    _add_score(commands)
    _add_batch(commands)
    _add_training(commands)
    _add_data(commands)
    _add_upkeep(commands)
    return parser


def _engine_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--engine",
        action="append",
        metavar="NAME",
        help="proofreader to use: harper or languagetool; may be given twice (default: all that are set up)",
    )
    parser.add_argument("--model", type=Path, metavar="DIR", help="model directory (default: the shipped model)")
    parser.add_argument(
        "--no-rewrites", action="store_true", help="score only: faster, without suggestions of better words"
    )


def _add_score(commands: argparse._SubParsersAction[_Parser]) -> None:
    parser = commands.add_parser(
        "score", help="judge one draft", description="Judge one draft from a file, “-” or a pipe."
    )
    parser.add_argument(
        "draft",
        nargs="?",
        default="-",
        metavar="DRAFT",
        help="a .txt, .md, .eml or .docx file, or “-” for standard input (default)",
    )
    parser.add_argument("--notes", metavar="FILE", help="your notes from the interview")
    parser.add_argument(
        "--also",
        nargs="+",
        default=[],
        metavar="FILE",
        help="your notes to other members of the panel: what they share word for word is marked",
    )
    for name in ("interviewer", "company", "role"):
        parser.add_argument(f"--{name}", default="", metavar="TEXT")
    parser.add_argument(
        "--kind", default="", help="thank_you, follow_up, clarification or rejection_reply (default: detected)"
    )
    parser.add_argument(
        "--interviewed-at", default="", metavar="TIME", help="when the interview was, as 2026-11-23 or 2026-11-23T14:30"
    )
    parser.add_argument("--decision-by", default="", metavar="TIME", help="by when a decision was promised")
    parser.add_argument("--sent", default="", metavar="TIME", help="when the message is or was sent (default: now)")
    parser.add_argument(
        "--previous",
        action="append",
        default=[],
        metavar="TIME",
        help="when you wrote to them before; may be given several times",
    )
    parser.add_argument("--channel", default="", help="email, card or linkedin (default: email)")
    parser.add_argument("--country", help="whose public holidays count, as GB, US or DE-BY (default: your settings)")
    parser.add_argument(
        "--zone", help="where they work, as Europe/London (default: your settings, else this computer's)"
    )
    parser.add_argument("--ics", type=Path, metavar="FILE", help="write the time to send it into a calendar file")
    parser.add_argument(
        "--eml", type=Path, metavar="FILE", help="write the draft as a mail that opens in a mail program"
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--no-colour", "--no-color", action="store_true", help="print without colours")
    _engine_option(parser)
    parser.set_defaults(command=_score)


def _add_batch(commands: argparse._SubParsersAction[_Parser]) -> None:
    parser = commands.add_parser(
        "batch",
        help="judge many drafts",
        description="Judge many drafts: tables (.csv .tsv .xlsx .jsonl .parquet), folders or zips of drafts, mailboxes, a pipe.",
    )
    parser.add_argument(
        "inputs", nargs="+", metavar="INPUT", help="tables, folders, zips or mailboxes, or “-” for standard input"
    )
    parser.add_argument(
        "-o",
        "--output",
        required=True,
        metavar="OUTPUT",
        help="where the reports go: a .jsonl (everything), .csv, .xlsx or .parquet file; with --cluster also a folder of Parquet",
    )
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="FIELD=COLUMN",
        help='which column holds a field, as in --map draft="email text" (default: matched by name and said aloud)',
    )
    parser.add_argument("--jobs", type=int, metavar="N", help="processes to judge with (default: what the machine has)")
    parser.add_argument(
        "--cluster", default="", metavar="ADDRESS", help="a Dask scheduler to judge on, or “local” to start one here"
    )
    parser.add_argument("--resume", action="store_true", help="go on with a batch that was stopped or killed")
    parser.add_argument(
        "--report",
        type=Path,
        metavar="FILE",
        help="write a page on the whole group: .html, or .pdf where a browser is installed",
    )
    parser.add_argument("--per-person", type=Path, metavar="DIR", help="write a page for each participant to hand over")
    _engine_option(parser)
    parser.set_defaults(command=_batch)


def _add_training(commands: argparse._SubParsersAction[_Parser]) -> None:
    train = commands.add_parser("train", help="fit a model on labelled drafts")
    train.add_argument(
        "data",
        type=Path,
        metavar="DATA",
        help="a folder with cases.jsonl and ratings.jsonl, or a table with drafts and labels",
    )
    train.add_argument("-o", "--output", required=True, type=Path, metavar="MODEL_DIR", help="new folder for the model")
    train.add_argument("--seed", type=int, default=None, help="seed of the folds (default: the recipe's)")
    how = train.add_mutually_exclusive_group()
    how.add_argument(
        "--adapt",
        type=Path,
        nargs="?",
        const=Path(),
        metavar="MODEL",
        help="move a model (default: the present default) towards these labels; what happens anyway with fewer than 300 cases",
    )
    how.add_argument("--from-scratch", action="store_true", help="learn from these labels alone, however few")
    train.set_defaults(command=_train)
    evaluate = commands.add_parser("evaluate", help="measure a model on writers it never saw")
    evaluate.add_argument("model", type=Path, metavar="MODEL", help="a model directory")
    evaluate.add_argument("data", type=Path, metavar="DATA", help="labelled data")
    evaluate.add_argument(
        "--card", action="store_true", help="write the model card and its plots into the model's folder"
    )
    evaluate.set_defaults(command=_evaluate)
    promote = commands.add_parser("promote", help="make a model the default if it is no worse")
    promote.add_argument("model", type=Path, nargs="?", metavar="MODEL_DIR")
    promote.add_argument(
        "--data", type=Path, default=Path("data/labelled"), help="labelled data to compare on (default: data/labelled)"
    )
    promote.add_argument("--force", action="store_true", help="promote even a worse model; its manifest will say so")
    promote.add_argument("--back", action="store_true", help="restore the model that was the default before")
    promote.set_defaults(command=_promote)
    compare = commands.add_parser("compare", help="measure several kinds of model on the same folds")
    compare.add_argument("data", type=Path, metavar="DATA", help="labelled data; held-out writers are left aside")
    compare.add_argument("-o", "--output", type=Path, metavar="FILE", help="write the tables there too")
    compare.add_argument("--seed", type=int, default=1, help="seed of the folds (default: 1)")
    compare.set_defaults(command=_compare)
    curve = commands.add_parser("curve", help="agreement against the number of writers learnt from")
    curve.add_argument("data", type=Path, metavar="DATA", help="labelled data; held-out writers are left aside")
    curve.add_argument("-o", "--output", type=Path, metavar="PNG", help="where to draw it (default: table only)")
    curve.add_argument("--orders", type=int, default=4, help="random orders of writers (default: 4)")
    curve.set_defaults(command=_curve)


def _add_data(commands: argparse._SubParsersAction[_Parser]) -> None:
    parser = commands.add_parser("data", help="check labelled data, or write its card")
    actions = parser.add_subparsers(metavar="ACTION", required=True, parser_class=_Parser)
    check = actions.add_parser(
        "check",
        help="name what is wrong with labelled data",
        description="Name every fault of labelled data, with counts and agreement. Exit: 0 nothing serious, 1 serious, 2 unreadable.",
    )
    check.set_defaults(command=_data_check)
    card = actions.add_parser("card", help="print the figures of the data card")
    card.add_argument(
        "--write",
        nargs="?",
        type=Path,
        const=Path("data/README.md"),
        metavar="CARD",
        help="put them into the card (default: data/README.md)",
    )
    card.set_defaults(command=_data_card)
    for action in (check, card):
        action.add_argument(
            "data",
            nargs="?",
            type=Path,
            default=Path("data/labelled"),
            metavar="DATA",
            help="a folder with cases.jsonl and ratings.jsonl, or a table with drafts and labels (default: data/labelled)",
        )


def _add_upkeep(commands: argparse._SubParsersAction[_Parser]) -> None:
    app = commands.add_parser("app", help="open the web app")
    app.add_argument("--port", type=int, default=8501)
    app.add_argument(
        "--address",
        default="127.0.0.1",
        help="where it answers (default: this machine only; others reach it without encryption)",
    )
    app.add_argument(
        "--host",
        action="append",
        default=[],
        metavar="NAME",
        help="with --address: a name browsers ask for it under; may be repeated",
    )
    app.set_defaults(command=_app)
    setup = commands.add_parser("setup", help="provision the optional parts (LanguageTool)")
    setup.set_defaults(command=_setup)
    doctor = commands.add_parser("doctor", help="say what is installed, what is missing and how to get it")
    doctor.set_defaults(command=_doctor)


# ---- commands


def _score(options: argparse.Namespace) -> int:
    import json
    from dataclasses import replace

    from analyzer.findings import with_others
    from analyzer.pipeline import Analyzer
    from analyzer.reading import read_document
    from analyzer.report.json_report import to_dict
    from analyzer.report.terminal import write_report
    from analyzer.settings import load_settings

    case = _case_from(options)
    given = {name: getattr(options, name) for name in ("country", "zone") if getattr(options, name) is not None}
    others = [read_document(Path(name)) for name in options.also]
    analyzer = Analyzer(
        engines=options.engine,
        model=options.model,
        rewrites=not options.no_rewrites,
        timing=replace(load_settings().timing, **given),
    )
    try:
        report = with_others(analyzer.analyze_case(case), others)
    finally:
        analyzer.close()
    _write_beside(report, options)
    if options.json:
        print(json.dumps(to_dict(report), ensure_ascii=False, indent=2))
    else:
        write_report(report, sys.stdout, colour=False if options.no_colour else None)
    return DONE


def _write_beside(report: Report, options: argparse.Namespace) -> None:
    from analyzer.report.calendar import reminder
    from analyzer.report.mail import mail_of

    for path, make in ((options.ics, reminder), (options.eml, mail_of)):
        if path is None:
            continue
        content = make(report)
        try:
            path.write_bytes(content)
        except OSError as error:
            raise FileError(
                "not_written", f"“{path}” cannot be written ({error.strerror or error}): choose another place."
            ) from error


def _case_from(options: argparse.Namespace) -> Case:
    from analyzer.reading import case_from_fields, parse_time, read_document, read_document_bytes

    if options.draft == "-":
        if sys.stdin.isatty():
            raise UsageError(
                "no_draft", "There is no draft: name a file, or pipe the text in (“analyzer score < draft.txt”)."
            )
        draft = read_document_bytes(sys.stdin.buffer.read(), "-")
    else:
        draft = read_document(Path(options.draft))
    fields: dict[str, object] = {
        "draft": draft,
        "notes": read_document(Path(options.notes), "notes") if options.notes else "",
        "kind": options.kind,
        "interviewer": options.interviewer,
        "company": options.company,
        "role": options.role,
        "channel": options.channel,
        "previous_messages": [parse_time(given, "--previous") for given in options.previous],
    }
    for name, given in (
        ("interviewed-at", options.interviewed_at),
        ("decision-by", options.decision_by),
        ("sent", options.sent),
    ):
        if given:
            fields["sent_at" if name == "sent" else name.replace("-", "_")] = parse_time(given, f"--{name}")
    return case_from_fields(fields, 1, "Your draft")


def _batch(options: argparse.Namespace) -> int:
    from analyzer.batch import BatchOptions, run_batch
    from analyzer.batch.options import Recipe
    from analyzer.batch.progress import Progress
    from analyzer.reading.columns import choice_from

    if options.jobs is not None and options.jobs < 1:
        raise UsageError("bad_jobs", f"--jobs {options.jobs} is no number of processes: give 1 or more.")
    engines = tuple(options.engine) if options.engine else None
    summary = run_batch(
        BatchOptions(
            inputs=tuple(options.inputs),
            output=options.output,
            recipe=Recipe(engines, options.model, not options.no_rewrites),
            columns=choice_from(options.map),
            jobs=options.jobs,
            cluster=options.cluster,
            resume=options.resume,
            report=options.report,
            per_person=options.per_person,
        ),
        Progress(),
    )
    print(summary.text(), file=sys.stderr)
    return DONE if summary.failed == 0 else SOME_FAILED if summary.scored else NOTHING_DONE


def _train(options: argparse.Namespace) -> int:
    from dataclasses import replace

    from analyzer.training.adapt import ENOUGH_TO_REPLACE
    from analyzer.training.commands import train
    from analyzer.training.dataset import read_dataset
    from analyzer.training.evaluate import table_of
    from analyzer.training.fit import Recipe

    few = not options.from_scratch and len(read_dataset(options.data).cases) < ENOUGH_TO_REPLACE
    if options.adapt is not None or few:
        return _teach(options, told=options.adapt is not None)
    recipe = Recipe() if options.seed is None else replace(Recipe(), seed=options.seed)
    done = train(options.data, options.output, recipe, _progress)
    print("Cross-validated, no writer on both sides:\n")
    print(table_of(done.cross_validated))
    if done.held_out:
        print("\nHeld-out writers, never trained on:\n")
        print(table_of(done.held_out))
    print(f"\nThe model is in {done.directory}.")
    return DONE


def _teach(options: argparse.Namespace, *, told: bool) -> int:
    from analyzer.training.adapt import table_of
    from analyzer.training.commands import teach

    named = options.adapt if options.adapt and options.adapt != Path() else None
    if not told:
        _progress("few labels: the default model is moved towards them (“--from-scratch” learns from them alone)")
    done = teach(options.data, options.output, _progress, named)
    print(table_of(done.adaptation, done.cases))
    print(
        f"\nThe model is in {done.directory}, moved from “{done.base}”. “analyzer promote {done.directory}” makes it the default."
    )
    return DONE


def _progress(line: str) -> None:
    print(f"… {line}", file=sys.stderr)


def _evaluate(options: argparse.Namespace) -> int:
    from analyzer.training.commands import predictions_of
    from analyzer.training.evaluate import evaluate, group_table_of, table_of

    if options.card:
        from analyzer.training.model_card import write_model_card

        print(f"The model card is in {write_model_card(options.model, options.data)}.")
        return DONE
    dataset, predictions = predictions_of(options.model, options.data)
    print(f"{table_of(evaluate(predictions, dataset))}\n\n{group_table_of(predictions.ratings, dataset)}")
    return DONE


def _promote(options: argparse.Namespace) -> int:
    from analyzer.training.promote import go_back, promote

    if (options.model is None) != options.back:
        raise UsageError("no_model_named", "Name the model to promote, or say --back to restore the one before.")
    print(go_back() if options.back else promote(options.model, options.data, force=options.force))
    return DONE


def _data_check(options: argparse.Namespace) -> int:
    from analyzer.training.card import check_text
    from analyzer.training.check import check_data

    checked = check_data(options.data)
    print(check_text(checked))
    return SOME_FAILED if checked.serious else DONE


def _data_card(options: argparse.Namespace) -> int:
    from analyzer.training.card import figures_block, write_card
    from analyzer.training.check import check_data

    checked = check_data(options.data)
    if options.write is None:
        print(figures_block(checked))
    else:
        write_card(options.write, checked)
        print(f"The figures in {options.write} are up to date.")
    return DONE


def _compare(options: argparse.Namespace) -> int:
    from analyzer.training.compare import breakdown_of, compare, details_of, table_of
    from analyzer.training.dataset import read_dataset

    kept, _ = read_dataset(options.data).split()
    done = compare(kept, progress=_progress, seed=options.seed)
    table = f"{table_of(done)}\n\n{breakdown_of(done)}\n\n{details_of(done)}"
    print(table)
    if options.output:
        options.output.write_text(table + "\n", encoding="utf-8")
    return DONE


def _curve(options: argparse.Namespace) -> int:
    from analyzer.training.commands import measure_dataset
    from analyzer.training.curve import draw, learning_curve, table_of
    from analyzer.training.dataset import read_dataset
    from analyzer.training.fit import Recipe

    kept, _ = read_dataset(options.data).split()
    _progress(f"measuring {len(kept.cases)} cases")
    points = learning_curve(measure_dataset(kept), kept, Recipe(), orders=options.orders, progress=_progress)
    print(table_of(points))
    if options.output:
        draw(points, options.output)
        options.output.with_suffix(".txt").write_text(table_of(points) + "\n", encoding="utf-8")
        print(f"\nThe curve is drawn in {options.output}.")
    return DONE


def _app(options: argparse.Namespace) -> int:
    from analyzer.ui.serve import serve

    return serve(options.port, options.address, options.host)


def _setup(_: argparse.Namespace) -> int:
    from analyzer.doctor import set_up

    return DONE if set_up(lambda line: print(line)) else SOME_FAILED


def _doctor(_: argparse.Namespace) -> int:
    from analyzer.doctor import examine

    checks = examine()
    for check in checks:
        print(check.line())
    return DONE if all(check.fine or check.optional for check in checks) else SOME_FAILED
