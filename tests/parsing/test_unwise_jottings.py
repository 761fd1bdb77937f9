"""What is better left out of a letter is withheld also where no word pattern knows it; what may be told mostly is not."""

from __future__ import annotations

import subprocess
import sys
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.parsing.notes import items_by_pattern, note_items
from analyzer.parsing.unwise import BUCKETS, WEIGHTS_FILE, likelihood_withheld, likelihoods
from analyzer.resources import load_toml, resource_path
from analyzer.types import Case

DOUBT = load_toml("notes.toml")["doubt"]["why"]

# written for this test; none stands in the corpus
UNWISE = (
    "I felt shaky",
    "buses were on strike so came soaked",
    "hostel was freezing",
    "she sounded fed up",
    "my hands were shaking",
    "he was lovely",
    "nobody offered me a chair",
    "my sister says forget it",
)
FINE = (
    "warehouse moves to Corby in May",
    "pilot with 2 vans",
    "they have a whiteboard",
    "wants someone to train the night team",
    "returns get lost in Leeds",
    "38 schools in the district",
    "label printer stops every Monday",
    "new greenhouse opens in spring",
)


def marked(text: str) -> tuple[bool, str]:
    (item,) = (
        item
        for item in note_items(Case(draft="x", notes=f"3 depots north; {text}; scanner trial in June"))
        if item.text == text
    )
    return item.private, item.why


def test_most_of_what_is_unwise_is_withheld_and_most_of_what_is_fine_is_not() -> None:
    assert sum(marked(text)[0] for text in UNWISE) >= len(UNWISE) - 2
    assert sum(marked(text)[0] for text in FINE) <= 1


def test_what_only_likeness_tells_is_withheld_with_a_plain_reason() -> None:
    assert marked("I felt shaky") == (True, DOUBT)
    assert DOUBT and DOUBT[0].islower() and "private" not in DOUBT


def test_the_patterns_reason_stands_where_a_pattern_knows() -> None:
    assert marked("salary 28k")[1].startswith("pay")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=30), max_size=6))
def test_the_likelihood_only_ever_adds_to_what_the_patterns_withhold(pieces: list[str]) -> None:
    case = Case(draft="x", notes="; ".join(pieces))
    for known, item in zip(items_by_pattern(case), note_items(case), strict=True):
        assert (known.text, known.start, known.terms) == (item.text, item.start, item.terms)
        assert item.private >= known.private
        assert item.why == (known.why if item.private == known.private else DOUBT)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=5))
def test_likelihoods_are_shares_whatever_the_jottings(texts: list[str]) -> None:
    found = likelihoods(texts, [""] * len(texts))
    assert len(found) == len(texts) and all(0.0 <= one <= 1.0 for one in found)


def test_another_process_with_another_hash_seed_says_the_same() -> None:
    texts = list(UNWISE + FINE)
    program = "import sys; from analyzer.parsing.unwise import likelihoods; t = sys.argv[1:]; print(likelihoods(t, [''] * len(t)))"
    said = subprocess.run(
        [sys.executable, "-c", program, *texts], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "7"}
    )
    assert said.stdout.strip() == str(likelihoods(texts, [""] * len(texts)))


def test_the_weights_are_a_row_of_numbers_and_hold_no_words() -> None:
    with np.load(resource_path(WEIGHTS_FILE), allow_pickle=False) as file:
        assert set(file.files) == {"weights", "threshold"}
        assert file["weights"].shape == (BUCKETS,) and np.isfinite(file["weights"]).all()
    assert 0.0 < likelihood_withheld() < 1.0
    assert resource_path(WEIGHTS_FILE).stat().st_size < 100_000


def test_nothing_is_loaded_before_the_first_jotting() -> None:
    program = "import analyzer.parsing.notes, analyzer.parsing.unwise as u; print(u._learnt.cache_info().currsize)"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "0"


@pytest.mark.parametrize("times", [20])
def test_asking_costs_little(times: int) -> None:
    texts = list(UNWISE + FINE)
    likelihoods(texts, [""] * len(texts))
    start = time.process_time()
    for _ in range(times):
        likelihoods(texts, [""] * len(texts))
    assert (time.process_time() - start) / times < 0.005
