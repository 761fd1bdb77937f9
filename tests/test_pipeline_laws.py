"""What holds for every report, whatever the draft: spans, ranges, caps, and that one draft is a batch of one."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzer.errors import AnalyzerError, InputError, UsageError
from analyzer.pipeline import CHUNK_CASES, Analyzer
from analyzer.report.json_report import to_dict
from analyzer.resources import load_toml
from analyzer.rules import load_rules
from analyzer.traits import TRAIT_NAMES, measure
from analyzer.types import KINDS, SEVERITIES, Case, Rating, Report

NOTES = "P. Nair, hd of ops, Harbourline (parcels). returns 4%; scanner app v old. 3 depots, Leeds worst. decision by fri 4th; 28k"
PLAIN = (
    "Dear Ms Nair,\n\nThank you for Tuesday. The old scanner app stays with me: at the shoe shop a photo of the label mended most "
    "of it, and I could try that at one depot for you. I look forward to hearing from you.\n\nKind regards,\nDana Whitfield"
)
AWKWARD = {
    "plain": PLAIN,
    "emoji": "Hi Ms Nair 👩‍🏭🎉,\n\nThank you 🙏🏽 for Tuesday! The scanner 📱 app stays with me 😀.\n\nDana 👋",
    "windows lines": PLAIN.replace("\n", "\r\n"),
    "old mac lines": PLAIN.replace("\n", "\r"),
    "tabs": PLAIN.replace(" ", "\t"),
    "two thousand words": "Dear Ms Nair,\n\n" + "I really saw the scanner app at the depot today and liked it. " * 170 + "\n\nDana",
    "one sentence of 300 words": "Dear Ms Nair, " + "and then the depot " * 75 + "closed. Dana",
    "one word": "Thanks",
    "a name": "Dana Whitfield",
    "a greeting": "Dear Ms Nair,",
    "a wrong greeting": "Dear Ms Nayr,",
    "right to left": "Dear Ms Nair,\n\n\u202eThank you\u202c for שלום the tour مرحبا of the depot.\n\nDana",
    "combining marks": "Dear Ms Nair,\n\nTha\u0301nk you fo\u0308r the to\u0302ur o\u0327f the d\u0301e\u0301p\u0301o\u0301t\u0301.\n\nZoe\u0308",
    "no spaces": "DearMsNair,ThankyoufortheTour.Ithelpedalot.Dana",
    "shouting": PLAIN.upper(),
    "whispering": PLAIN.lower(),
    "blank lines": "\n\n\n  Dear Ms Nair,  \n\n\n\n  Thank you for Tuesday.  \n\n\n  Dana  \n\n\n",
    "zero width": "Dear\u200b Ms Nair,\n\n\ufeffThank you\u200d for the tour of the depot.\n\nDana",
    "quoted answer": PLAIN + "\n\nOn Mon, 3 May 2026 Priya Nair <p@h.example> wrote:\n> I has [Company] teh date\n> Priya",
    "markup": "Dear Ms Nair,\n\n<b>Thank you</b> & [link](http://x.example) `code` for {today}.\n\nDana",
    "bullets": "Dear Ms Nair,\n\nThank you for the tour. I would:\n- mend the scanner app\n- photograph labels\n\nDana",
    "astral letters": "Dear Ms Nair,\n\n𝓣𝓱𝓪𝓷𝓴 you for the tour of the depot 𠮷野家.\n\nDana",
    "only errors": "dear ms nair\ni has recieve you're mail teh the depot dont works alot\ndana",
    "line separators": PLAIN.replace("\n", "\u2028"),
    "everything wrong": "Hi [Name],\n\nPlease please give me the job at Brightwater or I'll be leaving a review on Glassdoor!!!\n\nDana",
}  # fmt: skip
FIELDS = {"interviewer": "Priya Nair", "company": "Harbourline Parcels", "role": "Returns Coordinator"}


def check_rating(rating: Rating) -> None:
    assert 1.0 <= rating.low <= rating.value <= rating.high <= 5.0
    assert rating.score == (rating.value - 1.0) * 25.0


def check_spans(report: Report) -> None:
    text = report.text
    missing = {"no_greeting", "no_close", "no_thanks", "no_next_step", "etiquette.subject_missing"}
    whole = {"etiquette.kind", "etiquette.length", "etiquette.length_on_card", "etiquette.length_on_linkedin"}
    for finding in report.findings:
        assert 0 <= finding.start <= finding.end <= len(text)
        assert text[finding.start : finding.end] == finding.text
        nowhere = finding.rule in missing | whole or finding.rule.startswith("unlike.")
        assert (finding.start == finding.end) == nowhere, finding
        assert finding.trait in (*TRAIT_NAMES, "overall") and finding.severity in SEVERITIES
        assert finding.message.strip() and not any(field in finding.message for field in ("{text}", "{name}", "{item}"))
    order = [(finding.start, finding.end) for finding in report.findings]
    assert order == sorted(order)
    for match in report.matches:
        assert 0 <= match.start < match.end <= len(text)
        assert text[match.start : match.end].strip()
        assert 0.0 < match.similarity <= 1.0
    ends = 0
    for part in report.parts:
        assert ends <= part.start < part.end <= len(text)
        ends = part.end


def check_report(case: Case, report: Report) -> None:
    """Everything that holds for every report without an error."""
    assert report.error is None and report.overall is not None
    assert report.case == case and report.text == case.draft
    assert report.kind in KINDS and report.kind_detected == (case.kind is None)
    assert tuple(trait.name for trait in report.traits) == TRAIT_NAMES
    for rating in (report.overall, *(trait.rating for trait in report.traits)):
        check_rating(rating)
    for trait in report.traits:
        assert trait.why.endswith(".") and not any(field in trait.why for field in ("{quote}", "{words}", "{slips}"))
        verdict = load_toml("messages.toml")["verdicts"][trait.name][str(math.floor(trait.rating.value + 0.5))]
        assert trait.why.startswith(verdict)
    probabilities = [fault.probability for fault in report.faults]
    assert probabilities == sorted(probabilities, reverse=True) and all(0.0 <= value <= 1.0 for value in probabilities)
    tags = [fault.tag for fault in report.faults]
    assert set(tags) <= set(load_toml("messages.toml")["faults"]) and len(tags) == len(set(tags))
    check_spans(report)
    check_caps(report)
    check_missed(report)
    assert report.engines == ("harper",)
    json.dumps(to_dict(report), allow_nan=False)


def check_missed(report: Report) -> None:
    used = {match.item for match in report.matches}
    for item in report.missed:
        assert not item.private and item not in used and item.text in (report.case.notes if report.case else "")


def check_caps(report: Report) -> None:
    """rubric.md: a misspelt name caps the overall at 2; a wrong company, a placeholder or a threat at 1; specificity then is 1."""
    assert report.overall is not None
    groups = {load_rules()[finding.rule].group for finding in report.findings if finding.rule in load_rules()}
    shown = groups | {finding.rule for finding in report.findings}
    specificity = report.traits[TRAIT_NAMES.index("specificity")].rating
    if shown & {"wrong_company", "placeholder", "threat"}:
        assert report.overall.high <= 1.0
    if "wrong_name" in shown:
        assert report.overall.high <= 2.0
    if shown & {"wrong_company", "placeholder", "wrong_name", "wrong_fact"}:
        assert specificity.high <= 1.0


def judged(analyzer: Analyzer, cases: Iterable[Case]) -> list[Report]:
    return list(analyzer.analyze_cases(cases))


@pytest.fixture(scope="module")
def awkward(analyzer: Analyzer) -> dict[str, tuple[Case, Report]]:
    """Every awkward draft with notes and fields, and without anything, judged in one batch."""
    cases = [Case(draft=text, id=name, notes=NOTES, **FIELDS) for name, text in AWKWARD.items()]
    cases += [Case(draft=text, id=f"{name}, bare", kind="follow_up") for name, text in AWKWARD.items()]
    return {case.id: (case, report) for case, report in zip(cases, judged(analyzer, cases), strict=True)}


@pytest.mark.parametrize("suffix", ["", ", bare"], ids=["with notes", "bare"])
@pytest.mark.parametrize("name", AWKWARD)
def test_the_laws_hold_for_awkward_drafts(awkward: dict[str, tuple[Case, Report]], name: str, suffix: str) -> None:
    case, report = awkward[name + suffix]
    assert report.id == case.id
    check_report(case, report)


def test_the_laws_hold_for_real_drafts(sampled) -> None:
    for case, report in zip(sampled.cases, sampled.reports, strict=True):
        check_report(case, report)


PIECES = (
    *("Dear Ms Nair,", "Hi Priya!", "Dear Ms Nayr,", "Hi [Name],", "Thank you for Tuesday.", "I just wanted to say thanks!!!"),
    *("The scanner app stays with me.", "I dont know the the date.", "I would love to join Brightwater.", "Kind regards,", "Dana"),
    *("I expect an answer by tomorrow, otherwise I accept the other offer.", "Decision by the 18th?", "> quoted teh words", ""),
    *("On Monday Priya wrote:", "Subject: Thanks", "😀🎉", "e\u0301 \u200b", "\t- a bullet", "4% of 3 depots", "שלום", "Sent from my phone"),
)  # fmt: skip


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lines=st.lists(st.sampled_from(PIECES), min_size=1, max_size=9),
    end=st.sampled_from(["\n", "\r\n", "\n\n", " "]),
    notes=st.sampled_from([NOTES, "", "also interview at Brightwater; drone pilot", "😀; e\u0301"]),
    kind=st.sampled_from([None, *KINDS]),
)
def test_the_laws_hold_for_any_draft(analyzer: Analyzer, lines: list[str], end: str, notes: str, kind) -> None:
    case = Case(draft=end.join(lines), notes=notes, kind=kind, **FIELDS)
    (report,) = judged(analyzer, [case])
    if report.error:
        assert report.error[0] in ("no_words", "empty_draft") and report.overall is None and not report.findings
    else:
        check_report(case, report)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=120), notes=st.text(max_size=40))
def test_any_text_is_judged_or_refused_in_one_sentence(analyzer: Analyzer, text: str, notes: str) -> None:
    case = Case(draft=text, notes=notes, interviewer="Priya Nair", company="Harbourline")
    (report,) = judged(analyzer, [case])
    if report.error is None:
        check_report(case, report)
    else:
        code, message = report.error
        assert code.isidentifier() and message.endswith(".") and "\n" not in message and message.isprintable()


# ---- one is a batch of one


def test_the_same_draft_twice_gives_the_same_report(
    analyzer: Analyzer, awkward: dict[str, tuple[Case, Report]]
) -> None:
    cases = [awkward[name][0] for name in ("plain", "emoji", "only errors", "everything wrong")]
    assert judged(analyzer, cases) == [awkward[case.id][1] for case in cases]


def test_alone_equals_in_a_batch(analyzer: Analyzer, sampled) -> None:
    for index in (0, 17, 31, 32, 59):
        assert judged(analyzer, [sampled.cases[index]]) == [sampled.reports[index]]


def test_the_order_of_a_batch_makes_no_difference(analyzer: Analyzer, sampled) -> None:
    backwards = judged(analyzer, sampled.cases[20:0:-1])
    assert backwards == list(sampled.reports[20:0:-1])


def test_a_bad_case_spoils_no_other_and_keeps_its_place(analyzer: Analyzer, sampled) -> None:
    bad = [Case(draft="", id="empty"), Case(draft="\x00", id="binary"), Case(draft="😀", id="wordless")]
    mixed = [bad[0], sampled.cases[0], bad[1], sampled.cases[1], bad[2]]
    reports = judged(analyzer, mixed)
    assert [report.id for report in reports] == [case.id for case in mixed]
    assert [report.error[0] if report.error else None for report in reports] == [
        "empty_draft",
        None,
        "not_text",
        None,
        "no_words",
    ]
    assert [reports[1], reports[3]] == list(sampled.reports[:2])


def test_more_cases_than_a_chunk_come_back_in_order_and_lazily(analyzer: Analyzer) -> None:
    asked: list[int] = []

    def cases() -> Iterable[Case]:
        for number in range(CHUNK_CASES + 3):
            asked.append(number)
            yield Case(draft="" if number != 1 else PLAIN, id=str(number))

    reports = analyzer.analyze_cases(cases())
    next(reports)
    assert len(asked) == CHUNK_CASES
    assert [report.id for report in reports] == [str(number) for number in range(1, CHUNK_CASES + 3)]


def test_no_cases_give_no_reports(analyzer: Analyzer) -> None:
    assert judged(analyzer, []) == []


def test_features_are_finite_and_always_the_same(analyzer: Analyzer) -> None:
    cases = [Case(draft=text, notes=notes, **FIELDS) for text in AWKWARD.values() for notes in (NOTES, "")][::3]
    rows = [measure(evidence) for evidence in analyzer.collect(cases)]
    names = tuple(rows[0])
    for row in rows:
        assert tuple(row) == names
        assert all(math.isfinite(value) for value in row.values())


# ---- one way in


def test_a_draft_that_cannot_be_judged_raises_with_its_code(analyzer: Analyzer) -> None:
    with pytest.raises(InputError) as caught:
        analyzer.analyze("   ")
    assert caught.value.code == "empty_draft"


def test_an_unknown_kind_raises(analyzer: Analyzer) -> None:
    with pytest.raises(InputError) as caught:
        analyzer.analyze(PLAIN, kind="love_letter")
    assert caught.value.code == "unknown_kind" and "love_letter" in caught.value.message


def test_an_unknown_engine_raises_and_names_the_known_ones() -> None:
    with pytest.raises(UsageError) as caught:
        Analyzer(engines=("grammarbot",))
    assert caught.value.code == "unknown_engine" and "harper" in caught.value.message


def test_a_model_that_is_none_raises(tmp_path) -> None:
    with pytest.raises(AnalyzerError) as caught:
        Analyzer(engines=("harper",), model=tmp_path).analyze(PLAIN)
    assert caught.value.code == "no_model"


def test_a_closed_analyzer_opens_its_engines_again(awkward: dict[str, tuple[Case, Report]]) -> None:
    own = Analyzer(engines=("harper",))
    own.close()
    own.close()
    case, report = awkward["plain"]
    assert judged(own, [case]) == [report]


# ---- the caps of the rubric


def capped_by(analyzer: Analyzer, change: Callable[[str], str], **fields: str) -> tuple[Report, Report]:
    """The reports on a good draft, and on the same with one grave fault put in."""
    good = Case(draft=PLAIN, notes=NOTES, kind="thank_you", **FIELDS)
    before, after = judged(analyzer, [good, replace(good, draft=change(PLAIN), **fields)])
    assert before.overall is not None and before.overall.value > 2.5, "the draft is good without the fault"
    return before, after


@pytest.mark.parametrize(
    ("tag", "limit", "old", "new"),
    [
        ("wrong_name", 2.0, "Nair", "Niar"),
        ("wrong_name", 2.0, "Ms Nair", "Jennifer"),
        ("wrong_company", 1.0, "I look forward", "I would love to join Brightwater. I look forward"),
        ("placeholder", 1.0, "the shoe shop", "[previous company]"),
        (
            "threat",
            1.0,
            "I look forward to hearing from you.",
            "Unless I hear from you by noon, I will accept the other offer.",
        ),
    ],
)
def test_one_grave_fault_decides(analyzer: Analyzer, tag: str, limit: float, old: str, new: str) -> None:
    _, after = capped_by(analyzer, lambda text: text.replace(old, new, 1))
    assert after.overall is not None and after.overall.high <= limit
    check_report(Case(draft=PLAIN.replace(old, new, 1), notes=NOTES, kind="thank_you", **FIELDS), after)
    if tag != "threat":
        assert tag in {fault.tag for fault in after.faults}
        assert after.traits[0].name == "specificity" and after.traits[0].rating.high <= 1.0


def test_a_fact_that_contradicts_the_notes_costs_specificity_not_everything(analyzer: Analyzer) -> None:
    sentence = "I look forward to your decision by the 14th."
    _, after = capped_by(analyzer, lambda text: text.replace("I look forward to hearing from you.", sentence))
    assert after.traits[0].rating.high <= 1.0
    assert "wrong_fact" in {finding.rule for finding in after.findings}


def test_a_grave_fault_in_quoted_text_is_not_the_writers(analyzer: Analyzer) -> None:
    before, after = capped_by(
        analyzer, lambda text: text + "\n\nOn Monday Priya wrote:\n> Dear [Name], join Brightwater"
    )
    assert before.overall is not None and after.overall is not None
    assert after.overall.value == pytest.approx(before.overall.value, abs=0.35)


# ---- a proofreader that dies


class Dying:
    """An optional proofreader that fails at the first question."""

    name = "dying"

    def __init__(self) -> None:
        self.asked = 0

    def probe(self):
        raise AssertionError("nobody asks")

    def open(self) -> None:
        """Nothing to load."""

    def close(self) -> None:
        """Nothing to free."""

    def setup(self, progress) -> None:
        raise AssertionError("nobody sets up")

    def check(self, text: str, names: frozenset[str]):
        from analyzer.errors import EngineError

        self.asked += 1
        raise EngineError("died", "It died.")


class Hanging(Dying):
    """An optional proofreader that does not come back from its first text."""

    name = "hanging"

    def check(self, text: str, names: frozenset[str]):
        from analyzer.errors import EngineError

        self.asked += 1
        if self.asked == 1:
            raise EngineError("engine_timeout", "It did not answer in time; the text was not checked.")
        return ()


def test_an_optional_engine_that_dies_is_left_out_and_said_so(analyzer: Analyzer, sampled) -> None:
    own, dying = Analyzer(engines=("harper",)), Dying()
    own._engines = (*own._engines, dying)
    reports = judged(own, sampled.cases[:3])
    assert [replace(report, advisories=(), silent=()) for report in reports] == [
        replace(report, advisories=(), silent=()) for report in sampled.reports[:3]
    ]
    assert "It died." in reports[0].advisories and reports[0].silent
    # two drafts are read side by side; after that it rests
    assert 1 <= dying.asked <= 2


def test_a_text_that_hangs_is_named_and_the_next_one_read(analyzer: Analyzer, sampled) -> None:
    own, hanging = Analyzer(engines=("harper",)), Hanging()
    own._engines = (*own._engines, hanging)
    first, second = judged(own, sampled.cases[:2])
    assert first.engines == ("harper",) and any("in time" in advisory for advisory in first.advisories)
    assert second.engines == ("harper", "hanging") and not any("in time" in each for each in second.advisories)
    assert first.traits == sampled.reports[0].traits
