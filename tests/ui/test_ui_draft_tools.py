"""What one can do with a report on the draft page, without the page: edits in and out, differences, versions, ways out."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from showing import Shown

from analyzer.reading import read_document_bytes
from analyzer.types import Case, Edit, Finding, Part, Rating, Report
from analyzer.ui import differences, offers, sending, sitting

TEXTS = st.text(st.sampled_from("ab \n.é🎉<"), max_size=40)


def report(text: str, *edits: Edit, score: float = 3.0) -> Report:
    rating = Rating(score, max(1.0, score - 1), min(5.0, score + 1))
    return Report("1", case=Case(text), kind="thank_you", overall=rating, rewrites=edits)


# ---- offers


@given(TEXTS, st.integers(0, 40), st.integers(0, 40), TEXTS)
def test_an_edit_taken_back_leaves_the_text_as_it_was(text, one, other, after):
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    edit = Edit(start, end, text[start:end], after, "focus", "w")
    changed, place = offers.apply(text, edit, text)
    assert changed == text[:start] + after + text[end:]
    assert offers.undo(changed, offers.Applied(edit, place)) == (text, start)


@given(st.data())
def test_edits_are_taken_back_in_any_order(data):
    words = ["one", "two", "three", "four", "five"]
    text = " ".join(words)
    order = data.draw(st.permutations(words))
    now, applied = text, ()
    for word in order:
        start = now.index(word)
        edit = Edit(start, start + len(word), word, f"[{word.upper()} {data.draw(TEXTS)}]", "focus", "w")
        now, place = offers.apply(now, edit, now)
        applied = (*offers.shifted(applied, place, len(edit.before), len(edit.after)), offers.Applied(edit, place))
    assume(len(applied) == len(words))
    while applied:
        number = data.draw(st.integers(0, len(applied) - 1))
        one = applied[number]
        now, place = offers.undo(now, one)
        others = applied[:number] + applied[number + 1 :]
        applied = offers.shifted(others, place, len(one.edit.after), len(one.edit.before))
    assert now == text


def test_an_edit_finds_its_words_after_the_draft_was_changed_by_hand():
    judged = "Dear Ana, I just wanted to say thank you. I just wanted to ask."
    edit = Edit(42, 58, judged[42:58], "May I", "concision", "w")
    assert offers.apply("Hi! " + judged, edit, judged) == (
        "Hi! Dear Ana, I just wanted to say thank you. May I ask.",
        46,
    )


def test_an_edit_whose_words_are_gone_is_refused():
    judged = "Dear Ana, thank you."
    edit = Edit(5, 8, "Ana", "Ann", "specificity", "w")
    assert offers.apply("Dear Tom, thank you.", edit, judged) is None
    assert offers.undo("Dear Tom", offers.Applied(edit, 5)) is None


def test_offers_are_rewrites_by_gain_then_suggestions_nothing_twice():
    text = "Dear Anna, I am realy glad."
    found = (
        Finding("r", "specificity", "fix", 5, 9, "Anna", "name", ("Ana",)),
        Finding("r", "grammar", "fix", 16, 21, "realy", "spelling", ("really",)),
        Finding("r", "focus", "praise", 22, 26, "glad", "good", ("happy",)),
        Finding("r", "focus", "improve", 27, 27, "", "missing", ("more",)),
    )
    small, large = Edit(5, 9, "Anna", "Ana", "specificity", "w", 2.0), Edit(11, 15, "I am", "We are", "focus", "w", 9.0)
    given = offers.offers(replace(report(text, small, large), findings=found))
    assert [(one.edit.after, one.measured) for one in given] == [("We are", True), ("Ana", True), ("really", False)]


# ---- side by side


@given(TEXTS, TEXTS)
def test_side_by_side_holds_both_texts_whole(before, after):
    shown = Shown(differences.beside(before, after, ("", "")).code)
    old = "".join(piece for path, piece in shown.pieces if _column(path) and not _inside(path, "ins"))
    assert old.count("") and shown.tags <= {"div", "section", "h3", "del", "ins"}
    kept = [piece for path, piece in shown.pieces if _column(path)]
    assert "".join(kept) == before + after
    struck = "".join(piece for path, piece in shown.pieces if _inside(path, "del"))
    come = "".join(piece for path, piece in shown.pieces if _inside(path, "ins"))
    assert len(before) - len(struck) == len(after) - len(come)


def _column(path) -> bool:
    return any(given.get("class") == "da-draft" for _, given in path)


def _inside(path, tag: str) -> bool:
    return any(name == tag for name, _ in path)


def test_only_what_changed_is_marked():
    shown = Shown(differences.beside("thank you so much for today", "thank you for today", ("a", "b")).code)
    assert [piece for path, piece in shown.pieces if _inside(path, "del")] == ["so much "]
    assert not [piece for path, piece in shown.pieces if _inside(path, "ins")]


# ---- versions


def test_the_same_draft_read_again_is_no_new_version():
    versions = sitting.with_version((), report("a"), "written")
    versions = sitting.with_version(versions, report("a", score=3.5), "written")
    assert [(one.number, one.score) for one in versions] == [(1, 62.5)]
    versions = sitting.with_version(versions, report("b"), "a change applied")
    assert [(one.number, one.how) for one in versions] == [(1, "written"), (2, "a change applied")]


def test_a_long_sitting_lets_its_oldest_versions_go():
    versions = ()
    for number in range(sitting.MOST_VERSIONS + 5):
        versions = sitting.with_version(versions, report(f"draft {number}"), "written")
    assert len(versions) == sitting.MOST_VERSIONS and versions[-1].number == sitting.MOST_VERSIONS + 5


def test_the_plot_says_in_words_what_it_shows():
    versions = sitting.with_version(sitting.with_version((), report("a", score=2.0), "w"), report("b", score=4.0), "w")
    ((tag, given),) = Shown(sitting.course(versions).code).elements
    assert tag == "img" and given["alt"] == "The score of each version: version 1: 25, version 2: 75."
    assert given["src"].startswith("data:image/svg+xml;base64,")


# ---- on its way out


def with_subject(subject: str, body: str) -> Report:
    text = f"Subject: {subject}\n\n{body}"
    return replace(report(text), parts=(Part("subject", 0, len(f"Subject: {subject}")),))


@pytest.mark.parametrize("ending", ["txt", "docx"])
def test_what_is_saved_reads_back_as_the_letter(ending):
    letter = sending.letter(with_subject("Thank you – naïve 🎉", "Dear Ana,\n\nthank “you”.\nMore.\n\nBest,\nTom"))
    saved = {"txt": sending.as_text, "docx": sending.as_docx}[ending](letter)
    back = read_document_bytes(saved, f"a.{ending}", "draft").replace("\r\n", "\n")
    assert "Subject: Thank you – naïve 🎉" in back
    assert "Dear Ana," in back and "thank “you”.\nMore." in back and back.rstrip().endswith("Tom")


def test_the_mail_link_carries_the_letter_and_nothing_of_a_hostile_one():
    link = sending.mail_link(sending.Letter("A & B?to=x@y", "Dear Ana,\n\n100 % “yes” &bcc=z@z"))
    assert link is not None and "@" not in link
    query = parse_qs(urlsplit(link).query, strict_parsing=True)
    assert query == {"subject": ["A & B?to=x@y"], "body": ["Dear Ana,\r\n\r\n100 % “yes” &bcc=z@z"]}


def test_a_long_letter_has_no_mail_link():
    assert sending.mail_link(sending.Letter("", "x" * 1_800)) is not None
    assert sending.mail_link(sending.Letter("", "x" * 1_900)) is None
    assert sending.mail_link(sending.Letter("", "“" * 300)) is None, (
        "signs that are written with nine characters count as nine"
    )
