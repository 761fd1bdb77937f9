"""Only English is judged, and the kind of a message is told from its words."""

from __future__ import annotations

import pytest

from analyzer.errors import InputError
from analyzer.parsing.english import check_english, english_share
from analyzer.parsing.kind import detect_kind, kind_text
from analyzer.scoring.store import shared_model
from analyzer.types import KINDS, Case

GERMAN = "Sehr geehrte Frau Okafor, vielen Dank für das gestrige Gespräch. Ich freue mich sehr auf Ihre Antwort und verbleibe mit freundlichen Grüßen. Dana"
FRENCH = "Bonjour Madame Okafor, je vous remercie pour notre entretien d'hier et pour votre accueil. Je reste très intéressée par le poste. Cordialement, Dana"
CHINESE = "尊敬的王经理，非常感谢您昨天抽出时间与我见面。我对贵公司的职位非常感兴趣，期待您的回复。此致敬礼，李娜"
SPANISH = "Estimada señora Okafor: muchas gracias por la entrevista de ayer. Sigo muy interesada en el puesto y quedo a la espera de su respuesta."


@pytest.mark.parametrize("text", [GERMAN, FRENCH, SPANISH])
def test_another_language_is_refused_by_name(text: str) -> None:
    with pytest.raises(InputError) as caught:
        check_english(text)
    assert caught.value.code == "not_english"
    assert caught.value.message.endswith(".") and "English" in caught.value.message


def test_chinese_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        check_english(CHINESE)
    assert caught.value.code in ("not_english", "no_words")


@pytest.mark.parametrize("text", ["", " \n", "😀🎉", "123 456", "— … !"])
def test_text_without_words_is_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        check_english(text)
    assert caught.value.code == "no_words"


@pytest.mark.parametrize(
    "text",
    [
        "Thanks!",
        "Dana",
        "Danke schön",
        "Hi Nguyễn Thị Hoa, thank you for the tour. Małgorzata Wiśniewska-Łęcka",
        "Thank you for the chat about Geschäftsführung, Mittelstand and Kurzarbeit at the Hamburg office.",
        "hi ana thx 4 today it was gr8 2 see u, i am v keen on the job. lmk if u need anything",
        "sorry for my english i am new in the country and i want very much to work in your kitchen chef",
    ],
)
def test_english_short_or_clumsy_or_full_of_names_is_accepted(text: str) -> None:
    check_english(text)


def test_keyword_soup_in_english_is_not_called_another_language() -> None:
    check_english("python sql aws kubernetes docker agile scrum leadership synergy stakeholder management budget")


def test_english_has_more_common_words_than_german() -> None:
    english = "Thank you for the time you took to show me the depot and the team yesterday."
    assert english_share(GERMAN) < 0.3 < english_share(english) <= 1.0


def test_every_draft_of_the_corpus_is_taken_for_english(corpus: tuple[Case, ...]) -> None:
    refused = []
    for case in corpus:
        try:
            check_english(case.draft)
        except InputError as error:
            refused.append((case.id, error.message))
    assert refused == []


@pytest.mark.parametrize(
    ("kind", "text", "notes"),
    [
        ("thank_you", "Dear Ana, thank you for meeting me this morning. I enjoyed the tour of the depot. Ben", "Ana, three depots"),
        ("follow_up", "Dear Ana, I am following up on my interview two weeks ago and wondered whether there is any news on your decision. Ben", ""),
        ("clarification", "Dear Ana, when you asked me about SQL I gave a muddled answer. What I should have said is that I use it daily. Ben", ""),
        ("rejection_reply", "Dear Ana, thank you for letting me know that you chose another candidate. Please keep me in mind for future openings. Ben", ""),
    ],
)  # fmt: skip
def test_the_kind_is_told_from_the_words(kind: str, text: str, notes: str) -> None:
    found, probability = detect_kind(text, notes, shared_model().kind_classifier)
    assert found == kind
    assert 0.25 <= probability <= 1.0


def test_the_notes_do_not_pass_for_the_draft() -> None:
    text = kind_text("Dear Ana, hello", "he said no")
    assert "n_no" in text.split() and "no" not in text.split()


def test_any_text_has_one_of_the_four_kinds() -> None:
    for text in ("", "Dana", "😀", "x " * 500):
        assert detect_kind(text, "", shared_model().kind_classifier)[0] in KINDS
