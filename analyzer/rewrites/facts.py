"""Put right a wrong name, firm, role or fact by the notes, and take placeholders out."""

from __future__ import annotations

import re

from rapidfuzz.distance import DamerauLevenshtein

from analyzer.rewrites.base import Context, Proposal, Sentence, why_of
from analyzer.rewrites.jottings import spelt_out
from analyzer.rewrites.removing import removal
from analyzer.rules import load_rules
from analyzer.types import Conflict

_SHORT_WORDS = 26
_TITLE_BEFORE = re.compile(r"\b(?P<title>(?:Mr|Mrs|Ms|Miss)\.?)\s+(?:[A-Z][\w'’-]+\s+)?$")
_FAR = 50.0
_CONTRASTS = re.compile(r"\b(?:while|although|though|whereas|but|despite|expected|surpris\w*|even)\b", re.IGNORECASE)
_SLIPS_OF_A_NAME = 2
# "on [Day] regarding …": the phrase can go and the sentence stay
_LEADS_IN = re.compile(r"\s+(?:on|at|in|for|with|of|from|by|about|during|last|this)\s+$")
_GOES_ON = re.compile(r"\s*[.,;!?]|\s+(?:regarding|about|and|to|for|with|at|in|on)\b")
_NAME_AND_VERB = ("name", "verb")
_INITIALS = 5


def propose(context: Context) -> tuple[Proposal, ...]:
    """What contradicts the notes, as they have it; sentences with a placeholder out, a placeholder in the greeting filled."""
    return (*_conflicts(context), *_placeholders(context))


def _conflicts(context: Context) -> list[Proposal]:
    found = []
    text = context.text
    for conflict in context.evidence.matching.conflicts:
        sentence = next((s for s in context.sentences if s.start <= conflict.start < s.end), None)
        why = why_of("facts").format(expected=conflict.expected)
        if not conflict.expected or re.match(r"(?:no|not)\b", conflict.expected, re.IGNORECASE):
            # a long sentence holds more than what is wrong in it: the writer is left to mend it
            if sentence is not None and len(context.sentences) > 1 and sentence.words <= _SHORT_WORDS:
                found.append(removal(context, sentence, "specificity", why, "facts", needs=True))
            continue
        other = _crossed(context, conflict)
        if other is not None:
            start, end, name = other
            found.append(Proposal(start, end, name, "specificity", why, "facts", small=True, needs=True))
            continue
        if _far_apart(conflict.text, conflict.expected) or _is_tangled(context, conflict, sentence):
            continue
        start = conflict.start
        after = _fitting(text[start : conflict.end], conflict.expected, conflict.fault)
        title = _TITLE_BEFORE.search(text[:start]) if conflict.fault == "wrong_name" else None
        misspelt = DamerauLevenshtein.distance(text[conflict.start : conflict.end], after) <= _SLIPS_OF_A_NAME
        if title and not misspelt and not _has_title(context, title.group("title"), conflict.expected):
            # whether somebody else's "Mr" holds for this reader nobody has told us
            start, after = title.start("title"), context.voice.reader or after
        found.append(Proposal(start, conflict.end, after, "specificity", why, "facts", small=True, needs=True))
    return found


def _crossed(context: Context, conflict: Conflict) -> tuple[int, int, str] | None:
    """Where two names were told each of the other ("Vietnam grew while India fell"): the place of this one's name, and the other name."""
    words, meant = conflict.text.split(), conflict.expected.split()
    if len(words) != len(_NAME_AND_VERB) or len(meant) != len(words) or words[0] != meant[0]:
        return None
    for other in context.evidence.matching.conflicts:
        theirs = other.text.split()
        crosses = len(theirs) == len(words) and theirs[0] != words[0] and theirs[1] == meant[1]
        if crosses and other.expected.split()[1:] == words[1:]:
            return conflict.start, conflict.start + len(words[0]), theirs[0]
    return None


def _is_tangled(context: Context, conflict: Conflict, sentence: Sentence | None) -> bool:
    """Whether a word like "grew" stands in a sentence with more that may be wrong: put right alone, it would say something else that is wrong."""
    if sentence is None or not re.fullmatch(r"(?:[\w’'-]+ ){0,3}[a-z]+", conflict.expected):
        return False
    several = sum(sentence.start <= other.start < sentence.end for other in context.evidence.matching.conflicts) > 1
    return several or any(char.isdigit() for char in sentence.text) or _CONTRASTS.search(sentence.text) is not None


def _has_title(context: Context, title: str, name: str) -> bool:
    """Whether the case or the notes give this title to the name."""
    case = context.evidence.draft.case
    told = f"{case.interviewer} {case.notes}"
    return re.search(rf"\b{re.escape(title.rstrip('.'))}\b\.? (?:\w+ )?{re.escape(name.split()[-1])}", told) is not None


def _far_apart(before: str, expected: str) -> bool:
    """Whether two figures are so far apart that they are hardly about the same thing."""
    pair = [re.sub(r"[^\d.]", "", text).strip(".") for text in (before, expected)]
    if not all(re.fullmatch(r"\d+(?:\.\d+)?", figure) for figure in pair):
        return False
    low, high = sorted(float(figure) for figure in pair)
    return high > low * _FAR if low else high > _FAR


def _fitting(before: str, expected: str, fault: str) -> str:
    """What belongs there in the shape of what stands there: "340" for "1,200", "Agnew" for "Agnew's"."""
    after = expected if expected == before or " " in expected else spelt_out(expected)
    if re.search(r"['’]s$", before) and not re.search(r"['’]s$", after):
        after += before[-2:]
    if before.istitle() and after.isupper() and len(after) > _INITIALS:
        # capitals that only stress in the notes
        after = after.title()
    if before[:1].isupper() and fault != "wrong_fact" and after[:1].islower():
        after = after[:1].upper() + after[1:]
    return after


def _placeholders(context: Context) -> list[Proposal]:
    found = []
    rules = load_rules()
    draft = context.evidence.draft
    done: set[int] = set()
    for signal in context.evidence.signals:
        if signal.rule.endswith("?") or rules[signal.rule].group != "placeholder":
            continue
        in_greeting = any(start <= signal.start < end for start, end in draft.spans_of("greeting"))
        if in_greeting and context.voice.reader:
            found.append(
                Proposal(
                    signal.start,
                    signal.end,
                    context.voice.reader,
                    "specificity",
                    why_of("placeholder"),
                    "facts",
                    small=True,
                    needs=True,
                )
            )
            continue
        known = _known(context, draft.text[signal.start : signal.end])
        sentence = _sentence_at(context, signal.start)
        lead = _LEADS_IN.search(draft.text[: signal.start])
        if not known and sentence is not None and lead and _GOES_ON.match(draft.text[signal.end :]):
            span = (lead.start(), signal.end)
            found.append(Proposal(*span, "", "specificity", why_of("placeholder"), "facts", small=True, needs=True))
            continue
        if known:
            found.append(
                Proposal(
                    signal.start,
                    signal.end,
                    known,
                    "specificity",
                    why_of("placeholder"),
                    "facts",
                    small=True,
                    needs=True,
                )
            )
        elif sentence is not None and sentence.start not in done and len(context.sentences) > 1:
            done.add(sentence.start)
            found.append(removal(context, sentence, "specificity", why_of("placeholder"), "facts", needs=True))
    return found


def _sentence_at(context: Context, at: int) -> Sentence | None:
    return next((sentence for sentence in context.sentences if sentence.start <= at < sentence.end), None)


def _known(context: Context, placeholder: str) -> str:
    """What the case says of a plain placeholder ("[Company]", "{role}"), '' where it says nothing."""
    case = context.evidence.draft.case
    name = re.sub(r"[^a-z ]", "", placeholder.lower()).strip()
    if name in ("company", "company name", "organisation", "organization", "firm", "your company"):
        return case.company
    if name in ("role", "position", "job title", "title", "position title", "job"):
        return case.role
    if name in (
        "interviewer",
        "interviewer name",
        "interviewers name",
        "hiring manager",
        "name",
        "first name",
        "firstname",
        "fname",
    ):
        return context.voice.reader
    return ""
