"""One list out of what several engines say: each place once, the better words kept, names and noise left out. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

from analyzer.proofing.unknown_words import close_words, is_close, is_compound, verdict
from analyzer.resources import load_toml
from analyzer.types import Issue

Span = tuple[int, int]

_MOST_SUGGESTIONS = 5
# which of two objections to one place is the graver; style counts only where nobody sees an error
_GRAVITY = {"grammar": 4, "spelling": 3, "capitals": 2, "punctuation": 1, "style": 0}


def is_dictionary_issue(issue: Issue) -> bool:
    """Whether it says no more than that a word is in no dictionary."""
    settings = load_toml("proofing.toml")
    return issue.rule in settings["dictionary_rules"] or issue.rule.startswith(
        tuple(settings["dictionary_rule_prefixes"])
    )


def merge_issues(lists: Iterable[Sequence[Issue]], text: str, skip: Sequence[Span]) -> tuple[Issue, ...]:
    """One list in text order, no two overlapping.

    ``lists`` is what each engine that read the text says; ``skip`` are stretches that are not the writer's prose (greeting,
    signature, quoted text). Links, addresses and numbers are not prose either. A word is a slip only where
    the dictionaries of all engines lack it and it is close to a common word, or else does not look like a name, a compound or a
    foreign phrase.
    """
    read = [tuple(issues) for issues in lists]
    closed = [*skip, *_spans_of(text, "masks")]
    quoted = _spans_of(text, "quotations")
    heard = [
        [
            issue
            for issue in issues
            if not _touches(issue, closed) and not _is_quoted(issue, quoted) and not _needs_no_capital(issue, text)
        ]
        for issues in read
    ]
    kept: list[Issue] = []
    for group in _groups([issue for issues in heard for issue in issues]):
        words = [issue for issue in group if is_dictionary_issue(issue)]
        others = [issue for issue in group if not is_dictionary_issue(issue)]
        errors = [issue for issue in others if issue.category != "style"]
        all_object = all(any(issue in issues for issue in group) for issues in heard)
        if errors:
            kept.append(_best(errors))
        elif words:
            found = _word_issue(words, text, all_object=all_object)
            if found:
                kept.append(found)
        elif others:
            kept.append(_best(others))
    return tuple(sorted(_without_foreign(kept, text), key=lambda issue: (issue.start, issue.end, issue.rule)))


def _groups(issues: Sequence[Issue]) -> list[list[Issue]]:
    """Issues that overlap, directly or by a third, together; style does not tie errors together."""
    groups: list[tuple[int, list[Issue]]] = []
    for issue in sorted(issues, key=lambda issue: (issue.start, -issue.end)):
        if groups and issue.start < groups[-1][0]:
            groups[-1] = (max(groups[-1][0], issue.end), [*groups[-1][1], issue])
        else:
            groups.append((issue.end, [issue]))
    return [group for _, group in groups]


def _best(group: Sequence[Issue]) -> Issue:
    """The gravest objection, one with suggestions before one without; what two engines suggest comes first."""
    best = max(group, key=lambda issue: (bool(issue.suggestions), _GRAVITY[issue.category], issue.end - issue.start))
    same = [issue for issue in group if (issue.start, issue.end) == (best.start, best.end)]
    return replace(best, suggestions=_agreed(same))


def _agreed(issues: Sequence[Issue]) -> tuple[str, ...]:
    """All suggestions, those of several engines first, then in the order given."""
    given = list(dict.fromkeys(suggestion for issue in issues for suggestion in issue.suggestions))
    votes = {each: sum(each in issue.suggestions for issue in issues) for each in given}
    return tuple(sorted(given, key=lambda each: -votes[each]))[:_MOST_SUGGESTIONS]


def _word_issue(words: Sequence[Issue], text: str, *, all_object: bool) -> Issue | None:
    """What becomes of a word that is in no dictionary; None where it is a name or a term of some trade."""
    first = max(words, key=lambda issue: issue.end - issue.start)
    if re.sub(r"['’]s$", "", first.text.lower()) in load_toml("proofing.toml")["dialect_words"]:
        return None
    suggestions = _agreed([issue for issue in words if (issue.start, issue.end) == (first.start, first.end)])
    judged = verdict(text, first.start, first.end, suggestions)
    if judged == "name":
        return None
    near = close_words(first.text, suggestions)
    # what one of two dictionaries holds is a word, of a trade or of another English
    if not all_object or (judged == "unknown" and not _is_misspelling(words)):
        return None
    ordered = tuple(dict.fromkeys((*near, *suggestions)))
    message = load_toml("messages.toml")["findings"]["unknown_word" if ordered else "unknown_word_alone"]
    suggestion = ordered[0] if ordered else ""
    return replace(first, suggestions=ordered, message=message.format(suggestion=suggestion), category="spelling")


def _is_misspelling(words: Sequence[Issue]) -> bool:
    """Whether an unknown word that is close to no word of letters is a slip: all engines think of the same near word first.

    Words plainly made of known ones, by a prefix or as a compound, are terms of a trade.
    """
    word = words[0].text
    if any(issue.rule == "harper.SplitWords" or is_compound(issue.text, issue.suggestions) for issue in words):
        return False
    whole = [[each for each in issue.suggestions if not re.search(r"[ -]", each)] for issue in words]
    first = {suggestions[0].lower() for suggestions in whole if suggestions}
    return len(first) == 1 and is_close(word, first.pop())


def _without_foreign(issues: Sequence[Issue], text: str) -> list[Issue]:
    """Leave out unknown words of one sentence that are close to nothing: another language or a trade's, not slips."""
    doubted = [
        issue for issue in issues if is_dictionary_issue(issue) and not close_words(issue.text, issue.suggestions)
    ]
    foreign = {
        issue
        for first, second in pairwise(doubted)
        if not re.search(r"[.!?…\n]", text[first.end : second.start])
        for issue in (first, second)
    }
    return [issue for issue in issues if issue not in foreign]


@cache
def _pattern(name: str) -> re.Pattern[str]:
    given = load_toml("proofing.toml")[name]
    return re.compile("|".join(f"(?:{pattern})" for pattern in ([given] if isinstance(given, str) else given)))


def _spans_of(text: str, name: str) -> list[Span]:
    return [found.span() for found in _pattern(name).finditer(text)]


def _touches(issue: Issue, spans: Sequence[Span]) -> bool:
    return any(issue.start < end and start < issue.end for start, end in spans)


def _is_quoted(issue: Issue, quotations: Sequence[Span]) -> bool:
    return any(start < issue.start and issue.end < end for start, end in quotations)


def _needs_no_capital(issue: Issue, text: str) -> bool:
    """Whether it asks for a capital at the start of a list's item or after an abbreviation."""
    if issue.category != "capitals":
        return False
    line = text[text.rfind("\n", 0, issue.start) + 1 : issue.start]
    is_item = bool(line.strip()) and _pattern("list_item").match(line) is not None
    return is_item or _pattern("abbreviations").search(line) is not None
