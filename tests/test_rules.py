"""Rules as data: each fires on its bad examples, is silent on its good ones, and can be shown; so can every reason."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from string import Formatter
from typing import Any

import pytest

from analyzer.findings import shorten
from analyzer.parsing.language import parse_texts
from analyzer.pipeline import Analyzer
from analyzer.resources import load_toml
from analyzer.rules import RULE_FILES, Rule, load_rules, matches_in, parsed_matches, run_rules, suggestions_of
from analyzer.traits import TRAIT_NAMES, measure
from analyzer.types import KINDS, SEVERITIES, Case, Draft

# rubric.md, "Faults": the words the raters use
RUBRIC_FAULTS = {
    *("generic", "placeholder", "wrong_name", "wrong_company", "wrong_fact", "self_focused", "too_long", "too_short"),
    *("wordy", "cold", "gushing", "desperate", "pushy", "entitled", "negative", "casual", "stiff", "errors"),
    *("no_thanks", "no_greeting", "no_close", "no_next_step"),
}
PARTS = {"subject", "greeting", "body", "close", "signature", "quoted"}
MESSAGES = load_toml("messages.toml")
REASONS: dict[str, Mapping[str, Any]] = MESSAGES["reasons"]
ALL_RULES = list(load_rules().values())
WITH_PATTERN = [rule for rule in ALL_RULES if rule.pattern is not None]


def named(rules: list[Rule]) -> list[Any]:
    return [pytest.param(rule, id=rule.id) for rule in rules]


@pytest.mark.parametrize("rule", named(WITH_PATTERN))
def test_a_rule_fires_on_every_bad_example(rule: Rule) -> None:
    assert rule.bad, f"{rule.id} has no bad example"
    silent = [text for text in rule.bad if not matches_in(rule, text, 0, len(text))]
    assert silent == []


@pytest.mark.parametrize("rule", named(WITH_PATTERN))
def test_a_rule_is_silent_on_every_good_example(rule: Rule) -> None:
    assert rule.good, f"{rule.id} has no good example"
    fired = {text: text[low:high] for text in rule.good for low, high in matches_in(rule, text, 0, len(text))}
    assert fired == {}


@pytest.mark.parametrize("rule", named(ALL_RULES))
def test_a_rule_says_what_why_and_whence(rule: Rule) -> None:
    for words in (rule.message, rule.why, rule.source):
        assert words == words.strip() and len(words) > 5
    assert rule.message[-1] == "." and rule.why[-1] in ".?"


@pytest.mark.parametrize("rule", named(ALL_RULES))
def test_a_rule_uses_the_words_of_the_rubric(rule: Rule) -> None:
    assert rule.trait in (*TRAIT_NAMES, "overall")
    assert rule.severity in SEVERITIES
    assert rule.fault == "" or rule.fault in RUBRIC_FAULTS
    assert rule.where and set(rule.where) <= PARTS
    assert re.fullmatch(r"[a-z][a-z_]*", rule.id) and re.fullmatch(r"[a-z][a-z_]*", rule.group)


@pytest.mark.parametrize("rule", named(ALL_RULES))
def test_a_message_has_no_field_left_open(rule: Rule) -> None:
    shown = rule.message.replace("{text}", "words").replace("{name}", ", “Dear Ana,”")
    assert not re.search(r"[{}]", shown)
    assert ("{text}" in rule.message) == (rule.pattern is not None or rule.is_parsed), (
        "a rule with a pattern quotes what it found"
    )


@pytest.mark.parametrize("rule", named([rule for rule in WITH_PATTERN if rule.replace or rule.substitute]))
def test_a_suggestion_differs_from_what_it_replaces(rule: Rule) -> None:
    suggested = 0
    for text in rule.bad:
        for low, high in matches_in(rule, text, 0, len(text)):
            for suggestion in suggestions_of(rule, text[low:high]):
                suggested += 1
                assert suggestion and suggestion != text[low:high]
                assert suggestion == suggestion.strip()
    assert suggested, f"{rule.id} has advice that none of its bad examples shows"


PARSED = [rule for rule in ALL_RULES if rule.is_parsed]


def parsed_places(rule: Rule, text: str) -> list[str]:
    doc = next(iter(parse_texts([text])))
    return [text[low:high] for found, low, high in parsed_matches(doc) if found.id == rule.id]


@pytest.mark.parametrize("rule", named(PARSED))
def test_a_rule_that_needs_a_parse_fires_on_bad_examples_only(rule: Rule) -> None:
    assert rule.bad and rule.good
    assert [text for text in rule.bad if not parsed_places(rule, text)] == []
    assert {text: places for text in rule.good if (places := parsed_places(rule, text))} == {}


@pytest.mark.parametrize("rule", named(WITH_PATTERN))
def test_no_text_makes_a_rule_hang(rule: Rule) -> None:
    """Ten thousand characters made to lead patterns astray take milliseconds; half a second allows for a busy machine."""
    for piece in (
        "a",
        " ",
        "\n",
        "very really so ",
        "the first last of in my ",
        "1 2 3 ",
        "although i work here since ",
        "why you ",
    ):
        text = (piece * 10_000)[:10_000]
        start = time.process_time()
        matches_in(rule, text, 0, len(text))
        assert time.process_time() - start < 0.5, piece


def test_ids_are_unique_over_all_files() -> None:
    written = [raw["id"] for name in RULE_FILES for raw in load_toml(f"rules/{name}.toml")["rule"]]
    assert len(written) == len(set(written)) == len(load_rules())


def test_a_misspelt_field_of_a_rule_would_be_seen() -> None:
    known = {
        *("id", "trait", "group", "severity", "message", "why", "source", "fault", "where", "terms", "patterns"),
        *("hints", "replace", "substitute", "quiet", "case_sensitive", "exclude_before", "bad", "good"),
        *("tokens", "lookahead", "tree", "tree_unless"),
    }
    strange = {
        f"{raw['id']}: {key}"
        for name in RULE_FILES
        for raw in load_toml(f"rules/{name}.toml")["rule"]
        for key in set(raw) - known
    }
    assert strange == set()


def test_signals_come_in_text_order_with_the_words_they_fired_on(parse: Callable[..., Draft]) -> None:
    draft = parse("Dear Ana,\n\nI just wanted to say thanks!!! I dont mind the the early start.\n\nBen")
    signals = run_rules(draft)
    assert [signal.start for signal in signals] == sorted(signal.start for signal in signals)
    fired = {(signal.rule, draft.text[signal.start : signal.end]) for signal in signals}
    assert {("missing_apostrophe", "dont"), ("doubled_word", "the the"), ("exclamation_run", "!!!")} <= fired


def test_rules_look_only_at_the_parts_they_name(parse: Callable[..., Draft]) -> None:
    draft = parse(
        "Dear Ana,\n\nThank you for Tuesday.\n\nBen\n\nOn Monday Ana wrote:\n> I dont know the the date [Company]"
    )
    quoted = draft.spans_of("quoted")[0]
    assert [signal for signal in run_rules(draft) if signal.start >= quoted[0]] == []


# ---- reasons: what a report says of a feature


@pytest.fixture(scope="module")
def features(analyzer: Analyzer) -> dict[str, float]:
    case = Case(draft="Dear Ana,\n\nThank you for Tuesday.\n\nBen", notes="Ana, three depots", kind="thank_you")
    return measure(next(iter(analyzer.collect([case]))))


def test_every_reason_is_of_a_feature_that_is_measured(features: dict[str, float]) -> None:
    assert set(REASONS) - set(features) == set()


def test_every_related_feature_is_measured_and_has_words(features: dict[str, float]) -> None:
    related = MESSAGES["related"]
    assert set(related) == set(TRAIT_NAMES)
    for trait, names in related.items():
        assert set(names) <= set(features) & set(REASONS)
        assert not [name for name in names if name.startswith(f"{trait}.")]


@pytest.mark.parametrize("name", REASONS)
def test_a_reason_can_be_said(name: str) -> None:
    reason = REASONS[name]
    assert reason["good"] in ("high", "low")
    assert set(reason) <= {"good", "high", "low", "quote", "from", "to"}
    templates = [reason[side] for side in ("high", "low") if side in reason]
    assert templates
    for template in templates:
        fields = {field for _, field, _, _ in Formatter().parse(template) if field}
        assert fields <= {"quote", "words", "sentence_words", "longest_words", "slips"}
        assert "quote" not in fields or reason.get("quote")
        assert template[0].islower() or template[0] == "{"
        assert not template.endswith(".")


@pytest.mark.parametrize("name", [name for name, reason in REASONS.items() if "quote" in reason])
def test_the_source_of_a_quotation_exists(name: str) -> None:
    kind, _, what = REASONS[name]["quote"].partition(":")
    groups = {f"{rule.trait}.{rule.group}" for rule in ALL_RULES if rule.pattern is not None}
    if kind == "rule":
        assert what in groups
    elif kind == "conflict":
        assert what in RUBRIC_FAULTS
    else:
        assert (kind, what) in {("matches", ""), ("developed", ""), ("slips", "")}


def test_every_level_of_every_trait_every_fault_and_kind_has_words() -> None:
    levels = {"1", "2", "3", "4", "5"}
    assert set(MESSAGES["overall"]) == levels
    assert {trait: set(words) for trait, words in MESSAGES["verdicts"].items()} == dict.fromkeys(
        (*TRAIT_NAMES, "other"), levels
    )
    assert set(MESSAGES["faults"]) == RUBRIC_FAULTS
    assert set(MESSAGES["kinds"]) == set(KINDS)


def test_a_rule_with_a_group_is_counted_by_a_feature_or_only_shown(features: dict[str, float]) -> None:
    """A group nobody counts is a rule the model never hears of: each such is named here on purpose."""
    counted = {
        name.split(".")[0] + "." + re.sub(r"_(?:hint_)?(?:log_count|per_100_words|flag)$", "", name.split(".", 1)[1])
        for name in features
    }
    aliases = {"grammar.slip": "grammar.own_rules", "grammar.small_start": "grammar.small_starts"}
    groups = {f"{rule.trait}.{rule.group}" for rule in WITH_PATTERN}
    uncounted = {group for group in groups if aliases.get(group, group) not in counted}
    # next_step is read by the frame (frame.no_next_step_flag)
    assert uncounted == {"enthusiasm.next_step"}


def test_a_long_quotation_is_cut_at_a_word() -> None:
    cut = shorten("word " * 40)
    assert len(cut) <= 62 and cut.endswith("word …")
    assert shorten(" two\n\twords ") == "two words"
