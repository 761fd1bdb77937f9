"""The checker of labelled data: each fault is found, a clean folder is clean, the real data and its card hold."""

import json
import math
import random
import time
from pathlib import Path

import numpy as np
import pytest

from analyzer.cli import main
from analyzer.errors import DataError
from analyzer.training.agreement import agreement, ordinal_alpha, tag_agreement
from analyzer.training.card import figures_block, with_figures
from analyzer.training.check import Checked, check_data
from analyzer.training.dataset import LABELS, LabelledCase, RaterLabel, read_dataset
from analyzer.training.evaluate import raters_kappa
from analyzer.training.likeness import near_duplicates
from analyzer.types import Case

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data" / "labelled"
NOTES = "met ana at the depot, four vans short of drivers, asked about night shifts, answer by friday, parking was bad"
DRAFTS = (
    "Dear Ana, thank you for showing me the depot and the four vans. I have driven nights for six years and would gladly start with the "
    "early round while you look for others. I wait for your answer on Friday. Regards, Tom",
    "Hi Bo, it was good of you to explain how the kiln is fired, and why the glaze on the blue plates runs in winter. My last studio had "
    "this trouble too, and a second thermometer cured it. See you next week, Ines",
    "Hello Ms Okoro, I promised the name of the form that lets parents pay the trip in parts. It is the one on page nine of the handbook, "
    "and the bursar signs it. Your question about quiet pupils has stayed with me. Yours, Samir",
)


def case(number: int, writer: str = "A", **changed: object) -> dict[str, object]:
    whole = {
        "id": f"{writer}-{number:03}",
        "kind": "thank_you",
        "interviewer": "",
        "company": "",
        "role": "",
        "notes": NOTES,
        "draft": DRAFTS[number],
    }
    return whole | changed


def rating(case_id: object, rater: str = "t1", **changed: object) -> dict[str, object]:
    return {"id": case_id, "rater": rater, **dict.fromkeys(LABELS, 4), "faults": []} | changed


def both(case_id: str, **changed: object) -> list[dict[str, object]]:
    return [rating(case_id, "t1", **changed), rating(case_id, "t2", **changed)]


CASES = [case(0), case(1), case(2, "B")]
RATINGS = [one for each in CASES for one in both(str(each["id"]))]


def folder(path: Path, cases: list, ratings: list, splits: str | None = None) -> Path:
    for name, records in (("cases", cases), ("ratings", ratings)):
        lines = [record if isinstance(record, str) else json.dumps(record) for record in records]
        (path / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    if splits is not None:
        (path / "splits.json").write_text(splits, encoding="utf-8")
    return path


def said(checked: Checked, code: str) -> list[tuple[bool, str]]:
    return [(problem.serious, problem.message) for problem in checked.problems if problem.code == code]


def test_a_clean_folder_is_clean(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder(tmp_path, CASES, RATINGS, '{"held_out_writers": ["B"]}')
    assert check_data(path).problems == ()
    assert main(["data", "check", str(path)]) == 0
    printed = capsys.readouterr().out
    assert "3 cases by 2 writers; 6 usable ratings by t1, t2; held out: B." in printed
    assert "SERIOUS, to be mended: none" in printed


def without(name: str) -> dict[str, object]:
    return {key: value for key, value in case(0).items() if key != name}


WORD_BY_WORD = DRAFTS[0].upper().replace(".", " !")
VARIED = DRAFTS[0].replace("six", "nine").replace("Tom", "Olu")
FAULTS = [
    # (code, serious, a part of the message, cases, ratings)
    ("duplicate-id", True, "A-000", [*CASES, case(0, draft="Quite another message, Ana.")], RATINGS),
    ("duplicate-draft", True, "A-000, A-001: word for word the same draft, by one writer", [case(0), case(1, draft=WORD_BY_WORD), CASES[2]], RATINGS),
    ("near-duplicate", True, "A-000 and B-002, of two writers", [*CASES[:2], case(2, "B", draft=VARIED)], RATINGS),
    ("near-duplicate", True, "A-000 and A-001, of one writer", [case(0), case(1, draft=VARIED), CASES[2]], RATINGS),
    ("no-rating", True, "B-002", CASES, RATINGS[:-2]),
    ("one-rating", False, "1 cases have only one usable rating: B-002", CASES, RATINGS[:-1]),
    ("rated-twice", True, "A-000 by t1", CASES, [*RATINGS, rating("A-000")]),
    ("raters-apart", False, "B-002: focus, t1 gives 4, t2 2", CASES, [*RATINGS[:-1], rating("B-002", "t2", focus=2)]),
    ("raters-apart", True, "B-002: focus, t1 gives 4, t2 1", CASES, [*RATINGS[:-1], rating("B-002", "t2", focus=1)]),
    ("unknown-tag", True, "B-002 by t2: 'rude'", CASES, [*RATINGS[:-1], rating("B-002", "t2", faults=["rude"])]),
    ("unknown-case", True, "'Z-001'", CASES, [*RATINGS, rating("Z-001")]),
    ("bad-rating", True, "B-002 by t2: focus is '6'", CASES, [*RATINGS[:-1], rating("B-002", "t2", focus=6)]),
    ("bad-rating", True, "focus is '0'", CASES, [*RATINGS[:-1], rating("B-002", "t2", focus=0)]),
    ("bad-rating", True, "focus is '3.5'", CASES, [*RATINGS[:-1], rating("B-002", "t2", focus=3.5)]),
    ("bad-rating", True, "focus is 'True'", CASES, [*RATINGS[:-1], rating("B-002", "t2", focus=True)]),
    ("bad-rating", True, "focus is 'NaN'", CASES, [*RATINGS[:-1], rating("B-002", "t2", focus="NaN")]),
    ("bad-rating", True, "focus is missing, overall is missing", CASES, [*RATINGS[:-1], rating("B-002", "t2", focus=None, overall="")]),
    ("bad-rating", True, "has no id", CASES, [*RATINGS, rating("")]),
    ("bad-rating", True, "it must be text", CASES, [*RATINGS, rating([])]),
    ("cap", True, "wrong_name but overall is 3", CASES, [*RATINGS[:-2], *both("B-002", faults=["wrong_name"], overall=3, specificity=1)]),
    ("cap", True, "wrong_name but specificity is 2", CASES, [*RATINGS[:-2], *both("B-002", faults=["wrong_name"], overall=2, specificity=2)]),
    ("cap", True, "wrong_company but overall is 2", CASES, [*RATINGS[:-2], *both("B-002", faults=["wrong_company"], overall=2, specificity=1)]),
    ("cap", True, "placeholder but overall is 2", CASES, [*RATINGS[:-2], *both("B-002", faults=["placeholder"], overall=2, specificity=1)]),
    ("cap", False, "wrong_fact but specificity is 3", CASES, [*RATINGS[:-2], *both("B-002", faults=["wrong_fact"], specificity=3)]),
    ("missing-kind", True, "A-000", [case(0, kind=""), *CASES[1:]], RATINGS),
    ("missing-kind", True, "A-000", [without("kind"), *CASES[1:]], RATINGS),
    ("missing-field", True, "A-000: the field notes", [without("notes"), *CASES[1:]], RATINGS),
    ("missing-field", False, "No case has the field role", [{k: v for k, v in one.items() if k != "role"} for one in CASES], RATINGS),
    ("missing-field", True, "cases.jsonl, row 1: the case has no id", [without("id"), *CASES[1:]], RATINGS),
    ("missing-draft", True, "cases.jsonl: Row 1 has notes but no draft", [without("draft"), *CASES[1:]], RATINGS),
    ("empty-draft", True, "A-000: the draft holds no words", [case(0, draft="!!! …"), *CASES[1:]], RATINGS),
    ("unknown-kind", True, "'letter'", [case(0, kind="letter"), *CASES[1:]], RATINGS),
    ("unreadable", True, "cases.jsonl: Line 4 is not valid JSON", [*CASES, "{"], RATINGS),
    ("unreadable", True, "ratings.jsonl: Line 7 is not a JSON object", CASES, [*RATINGS, "[]"]),
    ("length", False, "A-000: notes of 2 words", [case(0, notes="nice office"), *CASES[1:]], RATINGS),
    ("length", False, "A-000: notes of 121 words", [case(0, notes="so " * 121), *CASES[1:]], RATINGS),
    ("length", False, "A-000: draft of 1 word;", [case(0, draft="Thanks!"), *CASES[1:]], RATINGS),
    ("contradiction", False, "tagged errors (two or more) but grammar is 4", CASES, [*RATINGS[:-1], rating("B-002", "t2", faults=["errors"])]),
    ("contradiction", False, "no_thanks is not for follow_up", [case(0, kind="follow_up"), *CASES[1:]], [rating("A-000", faults="no_thanks"), *RATINGS[1:]]),
]  # fmt: skip


@pytest.mark.parametrize(("code", "serious", "part", "cases", "ratings"), FAULTS)
def test_each_fault_is_found(
    tmp_path: Path, code: str, serious: bool, part: str, cases: list, ratings: list, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder(tmp_path, cases, ratings)
    found = said(check_data(path), code)
    assert any(heavy == serious and part in message for heavy, message in found), found
    assert all("\n" not in message for _, message in found)
    assert main(["data", "check", str(path)]) == int(any(problem.serious for problem in check_data(path).problems))
    assert part in capsys.readouterr().out


def test_all_faults_are_listed_not_only_the_first(tmp_path: Path) -> None:
    ratings = [rating("A-000", focus=9, faults=["rude", "mean"]), rating("A-001", overall=0), rating("Z-009")]
    checked = check_data(folder(tmp_path, [*CASES, case(0), "nonsense"], ratings))
    assert [len(said(checked, code)) for code in ("bad-rating", "unknown-tag", "unknown-case", "no-rating")] == [
        2,
        2,
        1,
        1,
    ]
    assert [len(said(checked, code)) for code in ("duplicate-id", "unreadable")] == [1, 1]
    serious = [problem.serious for problem in checked.problems]
    assert serious == sorted(serious, reverse=True)


def test_a_pair_across_the_split_is_said_to_be_one(tmp_path: Path) -> None:
    cases = [*CASES[:2], case(2, "B", draft=VARIED)]
    checked = check_data(folder(tmp_path, cases, RATINGS, '{"held_out_writers": ["B"]}'))
    assert "A-000 and B-002, across the split" in said(checked, "near-duplicate")[0][1]


def test_a_template_with_filled_slots_is_one_text(tmp_path: Path) -> None:
    text = "Dear {0}, thank you for the talk about the {2} post at {1}. I was glad to hear how you plan the year, and I look forward to {1} and its {2} work."
    slots = [("Ana Ruiz", "Meadow", "Driver"), ("Bo Lind", "Blue Kiln", "Potter")]
    cases = [
        case(place, "AB"[place], interviewer=who, company=firm, role=role, draft=text.format(who, firm, role))
        for place, (who, firm, role) in enumerate(slots)
    ]
    checked = check_data(folder(tmp_path, cases, [*both("A-000"), *both("B-001")]))
    assert said(checked, "near-duplicate")[0][0]


@pytest.mark.parametrize("splits", ["", "[]", "{}", '{"held_out_writers": "B"}', '{"held_out_writers": [1]}', "\x00"])
def test_splits_that_cannot_be_read(tmp_path: Path, splits: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder(tmp_path, CASES, RATINGS, splits)
    assert main(["data", "check", str(path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    with pytest.raises(DataError):
        read_dataset(path)


@pytest.mark.parametrize(("held", "part"), [('["Z"]', "'Z', who has no case"), ('["A", "B"]', "every writer")])
def test_splits_that_do_not_fit(tmp_path: Path, held: str, part: str) -> None:
    found = said(check_data(folder(tmp_path, CASES, RATINGS, f'{{"held_out_writers": {held}}}')), "split")
    assert len(found) == 1
    assert part in found[0][1]


def test_what_cannot_be_read_at_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "no_case").mkdir()
    folder(tmp_path / "no_case", ["{", "[]"], RATINGS)
    (tmp_path / "note.txt").write_text("hello")
    (tmp_path / "bad.csv").write_text("id,colour\n1,hello\n")
    for name in ("nowhere", "empty", "no_case", "note.txt", "bad.csv", "\x00"):
        assert main(["data", "check", str(tmp_path / name)]) == 2, name
        captured = capsys.readouterr()
        assert captured.out == ""
        assert captured.err.count("\n") == 1, captured.err


def test_a_table_with_drafts_and_labels(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "labels.csv"
    rows = [f'{n},thank_you,"{draft}",4,4,4,4,4,{overall},errors; cold' for n, draft, overall in zip("123", DRAFTS, "4x ", strict=True)]  # fmt: skip
    path.write_text("\n".join(["id,kind,draft," + ",".join(LABELS) + ",faults", *rows]))
    checked = check_data(path)
    assert [message for serious, message in said(checked, "bad-rating") if serious] == [
        "2 by rater: overall is 'x'; a rating is a whole number from 1 to 5.",
        "3 by rater: overall is missing; a rating is a whole number from 1 to 5.",
    ]
    assert len(said(checked, "one-rating")) == 1
    assert main(["data", "check", str(path)]) == 1


def test_long_lists_are_cut_and_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(["data", "check", str(folder(tmp_path, CASES, [*RATINGS, *(rating(f"Z-{n}") for n in range(40))]))]) == 1
    )
    assert "  unknown-case: 15 more\n" in capsys.readouterr().out


def test_hostile_texts_are_printed_safely(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    odd = rating("A-000", "\ud800\x1b[31m", focus="\udfff\n", faults=["\ud801", {"a": 1}])
    huge = rating("A-001", "t3", focus=10**400, faults=7)
    assert main(["data", "check", str(folder(tmp_path, CASES, [*RATINGS, odd, huge]))]) == 1
    printed = capsys.readouterr().out
    printed.encode("utf-8")
    assert "\x1b" not in printed


# ---- likeness and agreement


def test_near_duplicates_are_those_of_comparing_all_with_all() -> None:
    generator = random.Random(7)
    texts = [[generator.choice("abcd") for _ in range(generator.randint(0, 14))] for _ in range(120)]
    runs = [{tuple(text[i : i + 3]) for i in range(max(1, len(text) - 2))} if text else set() for text in texts]
    for floor in (0.3, 0.6, 1.0):
        expected = {
            (one, two)
            for two in range(len(texts))
            for one in range(two)
            if runs[one]
            and runs[two]
            and len(runs[one] & runs[two]) >= floor * min(len(runs[one]), len(runs[two])) - 1e-9
        }
        assert {(pair.first, pair.second) for pair in near_duplicates(texts, floor)} == expected


def test_ordinal_alpha_of_krippendorffs_own_example() -> None:
    # Krippendorff 2011, example C: four observers, twelve units, gaps; alpha ordinal .815
    columns = ["11.1", "2232", "3333", "3333", "2222", "1234", "4444", "1121", "2222", ".555", "..11", ".3.."]
    readings = [[float(rating) for rating in column if rating != "."] for column in columns]
    assert ordinal_alpha(readings) == pytest.approx(0.815, abs=0.0005)
    assert ordinal_alpha([[1, 1], [1, 1]]) == 1.0
    assert math.isnan(ordinal_alpha([[1], []]))


def reading(rater: str, value: float, faults: tuple[str, ...] = ()) -> RaterLabel:
    return RaterLabel("x", rater, dict.fromkeys(LABELS, value), faults)


def test_agreement_counts_every_pair_in_the_order_of_names() -> None:
    rows = [
        [reading("t2", 4), reading("t1", 3, ("cold",))],
        [reading("t1", 5, ("cold",)), reading("t2", 5, ("cold",))],
        [reading("t1", 1), reading("t2", 3)],
        [reading("t1", 2)],
    ]
    cases = [LabelledCase(Case(draft="x"), tuple(row)) for row in rows]
    found = agreement(cases, "focus")
    assert (found.cases, found.same, found.one_apart, found.further) == (3, 1, 1, 1)
    assert found.exact == pytest.approx(1 / 3)
    assert found.adjacent == pytest.approx(2 / 3)
    assert found.difference == pytest.approx(1.0)
    tag = next(one for one in tag_agreement(cases) if one.tag == "cold")
    assert (tag.given, tag.positive_agreement) == (3, pytest.approx(2 / 3))
    assert math.isnan(agreement(cases[3:], "focus").kappa)


# ---- the real data


@pytest.fixture(scope="module")
def real() -> Checked:
    return check_data(DATA)


def test_the_real_data_has_no_serious_problem(real: Checked) -> None:
    assert [problem.message for problem in real.serious] == []


def test_every_real_case_has_two_readings_and_agrees_with_the_strict_reader(real: Checked) -> None:
    dataset = read_dataset(DATA)
    assert {len(one.labels) for one in real.labelled} == {2}
    assert [one.case for one in real.labelled] == [one.case for one in dataset.cases]
    for label in LABELS:
        assert agreement(real.labelled, label).kappa == pytest.approx(raters_kappa(dataset, label))
        means = np.array([one.mean(label) for one in real.labelled])
        assert np.array_equal(means, dataset.means(label))


def test_the_check_of_the_real_data_is_quick() -> None:
    start = time.perf_counter()
    check_data(DATA)
    assert time.perf_counter() - start < 15


def test_the_card_holds_the_figures_of_the_command(real: Checked, capsys: pytest.CaptureFixture[str]) -> None:
    card = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    assert with_figures(card, real) == card, "run “analyzer data card --write”"
    assert main(["data", "card", str(DATA)]) == 0
    assert capsys.readouterr().out.strip() in card


def test_writing_the_card(tmp_path: Path, real: Checked, capsys: pytest.CaptureFixture[str]) -> None:
    card = tmp_path / "README.md"
    begin, *_, end = figures_block(real).splitlines()
    card.write_text(f"before\n{begin}\nold\n{end}\nafter\n", encoding="utf-8")
    assert main(["data", "card", str(DATA), "--write", str(card)]) == 0
    assert card.read_text(encoding="utf-8") == f"before\n{figures_block(real)}\nafter\n"
    for text in ("no markers", f"{end}\n{begin}"):
        card.write_text(text, encoding="utf-8")
        assert main(["data", "card", str(DATA), "--write", str(card)]) == 2
    assert main(["data", "card", str(DATA), "--write", str(tmp_path / "none.md")]) == 2
    assert capsys.readouterr().err.count("\n") == 3


def test_the_card_names_every_writer(real: Checked) -> None:
    card = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    worlds = card.split("| writer | world |")[1].split("\n\n")[0]
    named = {letter.strip() for row in worlds.splitlines()[2:] for letter in row.split("|")[1].split(",")}
    assert named == {one.writer for one in real.labelled}
