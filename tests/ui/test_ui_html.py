"""The report as HTML: everything is escaped, and the marks say exactly what the findings say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from showing import Shown

from analyzer.types import (
    Case,
    Edit,
    Fault,
    Finding,
    NoteItem,
    Question,
    Rating,
    Report,
    Rewritten,
    Timing,
    TraitResult,
)
from analyzer.ui import html, marks

HOSTILE = "</mark></p><script>alert(1)</script><img src=x onerror=alert(1)>\"'><b>& **bold** $x^2$ :smile: <!-- &lt;"
SEVERITIES = ("fix", "improve", "praise")


def finding(text: str, start: int, end: int, severity: str = "fix", message: str = "m") -> Finding:
    return Finding("rule", "grammar", severity, start, end, text[start:end], message, ())


def hostile_report() -> Report:
    rating = Rating(3.0, 2.0, 4.0)
    item = NoteItem(HOSTILE, "notes", "topic", 0, len(HOSTILE))
    return Report(
        id=HOSTILE,
        case=Case(HOSTILE, notes=HOSTILE, interviewer=HOSTILE, company=HOSTILE, role=HOSTILE),
        kind="thank_you",
        kind_detected=True,
        overall=rating,
        traits=tuple(TraitResult(HOSTILE, rating, HOSTILE) for _ in range(5)),
        faults=(Fault("wrong_name", 0.9),),
        findings=tuple(
            replace(finding(HOSTILE, at, at + 9, severity, HOSTILE), suggestions=(HOSTILE, ""))
            for at, severity in enumerate(SEVERITIES)
        ),
        missed=(item,) * 7,
        withheld=(replace(item, why=HOSTILE),),
        timing=Timing("now", HOSTILE),
        rewrites=(Edit(0, 9, HOSTILE[:9], HOSTILE, "grammar", HOSTILE, 3.0),),
        rewritten=Rewritten(HOSTILE + HOSTILE, rating),
        questions=(Question(HOSTILE),),
        engines=(HOSTILE,),
    )


def test_hostile_text_makes_no_element_and_no_attribute():
    shown = Shown(html.report_page(hostile_report()).code)
    plain = Shown(html.report_page(_harmless()).code)
    assert shown.tags == plain.tags
    assert {name for _, given in shown.elements for name in given} == {
        name for _, given in plain.elements for name in given
    }
    assert "<script>alert(1)</script><img src=x onerror=alert(1)>" in shown.text
    assert "**bold** $x^2$ :smile:" in shown.text


def _harmless() -> Report:
    report = hostile_report()
    text = "x" * len(HOSTILE)
    return replace(
        report,
        case=Case(text, notes="n", interviewer="i"),
        findings=tuple(
            replace(finding(text, f.start, f.end, f.severity, "m"), suggestions=("s",)) for f in report.findings
        ),
        timing=Timing("now", "t"),
        rewrites=(Edit(0, 9, text[:9], text, "grammar", "w", 3.0),),
        rewritten=Rewritten(text + text, report.overall),
    )


@pytest.mark.parametrize("build", [lambda text: html.notice(text, "alert"), lambda text: html.element("p", text)])
def test_every_text_stays_text(build):
    assert Shown(build(HOSTILE).code).text == HOSTILE


def test_attributes_are_escaped():
    ((tag, given),) = Shown(html.element("p", title=HOSTILE, aria_label=None, class_="a").code).elements
    assert (tag, given) == ("p", {"title": HOSTILE, "class": "a"})


def test_a_block_of_its_own_is_not_escaped_twice():
    assert html.element("p", html.element("b", "a & b")).code == "<p><b>a &amp; b</b></p>"


def test_reveal_holds_nothing_but_a_number():
    assert html.reveal(3).code.startswith("<script>/* 3 */")
    with pytest.raises(ValueError):
        html.reveal("*/ alert(1)")  # type: ignore[arg-type]


def test_example_marks_are_the_findings(example_report):
    numbered = marks.numbered(example_report)
    shown = Shown(marks.marked_draft(example_report.text, numbered).code)
    assert shown.without_numbers == example_report.text
    for found, number in numbered:
        assert shown.marked(number) == found.text == example_report.text[found.start : found.end]


def test_example_page_tells_everything(example_report):
    shown = Shown(html.report_page(example_report).code)
    assert f"{example_report.overall.score:.0f} of 100" in shown.text
    for trait in example_report.traits:
        assert trait.why in shown.text
    for found in example_report.findings:
        assert found.message in shown.text
    order = [
        shown.text.index(words)
        for words in ("Fix before you send", "Could be better", "What works", "In your notes, not in your draft")
    ]
    assert order == sorted(order)
    assert "Proofread by Harper. Nothing left this machine" in shown.text
    bars = [given["aria-label"] for _, given in shown.elements if given.get("role") == "img"]
    assert len(bars) == 6 and all("likely" in label for label in bars)


def test_overlapping_findings_each_keep_their_words():
    text = "one two three four"
    overlapping = (
        (finding(text, 0, 13, "improve"), 1),
        (finding(text, 8, 18, "fix"), 2),
        (finding(text, 8, 13, "praise"), 3),
    )
    shown = Shown(marks.marked_draft(text, overlapping).code)
    assert [shown.marked(number) for number in (1, 2, 3)] == ["one two three", "three four", "three"]
    looks = [given["class"] for tag, given in shown.elements if tag == "mark"]
    assert looks == ["da-mark grammar improve", "da-mark grammar fix", "da-mark grammar fix"]


def test_something_missing_is_a_number_alone():
    missing = ((finding("Hello", 5, 5, "fix", "It is not signed."), 1),)
    shown = Shown(marks.marked_draft("Hello", missing).code)
    assert shown.without_numbers == "Hello" and shown.text == "Hello1"
    assert (
        "span",
        {"class": "da-piece", "data-findings": "1", "title": "Grammar: It is not signed.", "tabindex": "0"},
    ) in (shown.elements)


def test_line_ends_are_one_sign_and_reordering_signs_are_seen():
    text = "a\r\nb\rc\u202ed"
    assert Shown(marks.marked_draft(text, ()).code).text == "a\nb\nc·d"
    assert Shown(
        marks.marked_draft(text, ((finding(text, 1, 2), 1), (finding(text, 2, 4), 2))).code
    ).without_numbers == ("a\nb\nc·d")


@pytest.mark.parametrize(
    ("case", "missed", "expected"),
    [
        (Case("d"), (), "There are none."),
        (Case("d", notes="n"), (), ""),
        (Case("d", notes="n"), (NoteItem("4 % returns", "notes", "figure", 0, 11),), "4 % returns"),
    ],
)
def test_missed(case, missed, expected):
    text = Shown(html.missed(Report("1", case=case, missed=missed)).code).text
    assert expected in text and bool(expected) == bool(text)


def test_long_lists_are_folded_not_cut():
    text = "word " * 30
    found = tuple(finding(text, at * 5, at * 5 + 4, "praise", f"remark {at}.") for at in range(9))
    shown = Shown(
        html.findings(Report("1", findings=found), "praise", marks.numbered(Report("1", findings=found))).code
    )
    assert "5 more remarks" in shown.text and all(f"remark {at}." in shown.text for at in range(9))


# what a draft may hold: reading refuses control characters and lone surrogates before
DRAFTS = st.text(
    st.one_of(st.sampled_from("<>&\"'`\n\t $*:_[]()🎉é\u202e\r"), st.characters(exclude_categories=("Cs", "Cc"))),
    max_size=60,
)


@given(st.data())
def test_text_of_the_marked_draft_is_the_draft(data):
    text = data.draw(DRAFTS)
    place = st.tuples(st.integers(0, len(text)), st.integers(0, len(text)), st.sampled_from(SEVERITIES)).map(
        lambda ends: (min(ends[:2]), max(ends[:2]), ends[2])
    )
    spans = data.draw(st.lists(place, max_size=6))
    drawn = tuple((finding(text, *span), number) for number, span in enumerate(spans, start=1))
    shown = Shown(marks.marked_draft(text, drawn).code)
    characters = marks.shown_characters(text)
    assert shown.without_numbers == "".join(characters)
    if not set(text) & set("\r\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"):
        assert shown.without_numbers == text
    for found, number in drawn:
        assert shown.marked(number) == "".join(characters[found.start : found.end])
    numbers = sorted(int(piece) for path, piece in shown.pieces if any(tag == "sup" for tag, _ in path))
    assert numbers == list(range(1, len(drawn) + 1))
    assert shown.tags <= {"mark", "sup", "span"}
