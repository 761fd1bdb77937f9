"""What frames a letter: greeting, thanks, who and when, interest, next step, closing line, subject, where they are missing."""

from __future__ import annotations

import re

from analyzer.matching.names import name_words
from analyzer.parsing.words import fold
from analyzer.rewrites.base import Context, Proposal, Sentence, why_of, words_of
from analyzer.rewrites.generic import is_generic
from analyzer.rewrites.tone import harm_of

_SUBJECT_ROLE_WORDS = 5
_KEEN = re.compile(
    r"\b(?:glad|keen|love|eager|excited|thrilled|delighted|interested|like to (?:help|join|work)|look(?:ing)? forward)\b",
    re.IGNORECASE,
)
_KEEN_RATING = 3.5
_SENTENCE_WORDS = 3
_WANTS_ARTICLE = re.compile(
    r"\bof\b|\b(?:Institute|Museum|Archive|Council|Ministry|Department|Authority|Foundation|Trust|Society|Association|Library|Hospital|Office"
    r"|Police|Post|School|Primary|Church|Centre|Center|Gallery|Hotel|House|Festival|Theatre|Clinic|Agency|Union|Commission)$",
    re.IGNORECASE,
)
_SAYS_WHAT_COMES = re.compile(r"\W*(?:I|Looking|Look|We|Hope|Hoping)\b")
_BULLET = re.compile(r"(?:^|\n)[ \t]*(?:[-*•–]|\d+[.)])[ \t][^\n]*$")
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor)\.? [A-Z]\w+")
_GREETS = re.compile(
    r"\W*(?:dear|hi|hello|hey|good|greetings|to whom|respected|sir|madam|morning|afternoon)\b", re.IGNORECASE
)
ENDED = re.compile(r"[.!?…][\"'”’)]*$")


def propose(context: Context) -> tuple[Proposal, ...]:
    """All that is missing and can be said without the writer."""
    made = (
        _greeting(context),
        _thanks(context),
        _asks(context),
        _interest(context),
        _next_step(context),
        _close(context),
        _subject(context),
    )
    return tuple(proposal for proposal in made if proposal is not None)


def filled(context: Context, slot: str, options: list[str], said: str | None = None) -> str:
    """One of the options with role and firm put in, in the writer's voice. ``said``: what stands before it, if not the draft."""
    role = about_role(context, said)
    text = context.choose(slot, options)
    text = text.replace("{role}", f" about the {role}" if role else "").replace(
        "{with_role}", f" with the {role}" if role else ""
    )
    text = text.replace("{company}", firm_of(context))
    return context.voice.speak(text)


def firm_of(context: Context) -> str:
    """The firm as in "to join {company}": without its place, "the team" where its name would want an article."""
    name = context.evidence.draft.case.company.split(",")[0].split("(")[0].strip()
    return "the team" if not name or _WANTS_ARTICLE.search(name) else name


def about_role(context: Context, said: str | None = None) -> str:
    """The role as in "Returns Coordinator role", '' where the role is unknown or the draft names it already."""
    role = re.sub(r"\s*\([^)]*\)", "", context.evidence.draft.case.role.strip()).split(",")[0]
    if not role or re.search(r"[;/\n]", role) or role.lower() in (context.text if said is None else said).lower():
        return ""
    return f"{role} role" if not re.search(r"\b(?:role|position|job)$", role, re.IGNORECASE) else role


def greeting_of(context: Context) -> str:
    """A greeting by name in the writer's formality, '' where nobody is known."""
    voice = context.voice
    return str(words_of("greeting")[voice.formality]).replace("{name}", voice.reader) if voice.reader else ""


def next_step_of(context: Context) -> str:
    """What comes next, for the kind of message."""
    return filled(context, "next_step", words_of("next_step")[context.evidence.draft.kind])


def thanks_of(context: Context, said: str | None = None) -> str:
    """A thank-you for the kind of message."""
    return filled(context, "thanks", words_of("thanks")[context.evidence.draft.kind], said)


def interest_of(context: Context) -> str:
    """Interest, plainly said."""
    return filled(context, "interest", words_of("interest")[context.evidence.draft.kind])


def _missing(context: Context, rule: str) -> bool:
    return any(signal.rule == rule for signal in context.evidence.signals)


def _greeting(context: Context) -> Proposal | None:
    greeting = greeting_of(context)
    if not greeting or not _missing(context, "no_greeting"):
        return None
    draft = context.evidence.draft
    spans = draft.spans_of("greeting")
    if spans and not _may_be_replaced(context, draft.text[spans[0][0] : spans[0][1]]):
        return None
    if spans:
        return Proposal(*spans[0], greeting, "overall", why_of("greeting"), "frame", needs=True)
    bodies = draft.spans_of("body")
    at = bodies[0][0] if bodies else 0
    return Proposal(at, at, f"{greeting}\n\n", "overall", why_of("greeting"), "frame", order=-2)


def _may_be_replaced(context: Context, greeting: str) -> bool:
    """Whether a greeting is one to nobody: it greets, and holds none of the interviewer's names and no title with a name."""
    names = {fold(word) for word in name_words(context.evidence.draft.case.interviewer)}
    named = any(fold(word) in names for word in name_words(greeting)) or _TITLED.search(greeting)
    return _GREETS.match(greeting) is not None and not named


def _thanks(context: Context) -> Proposal | None:
    if not _missing(context, "no_thanks") or not context.sentences:
        return None
    first = context.sentences[0].start
    return Proposal(first, first, f"{thanks_of(context)} ", "enthusiasm", why_of("thanks"), "frame", order=-1)


def _asks(context: Context) -> Proposal | None:
    if (
        context.evidence.draft.kind != "follow_up"
        or not context.sentences
        or re.search(
            r"\?|\bupdate|\bstand|\bnews\b|\bdecision|\bcheck|\bfollow|\bask|\bwhere\b", context.text, re.IGNORECASE
        )
    ):
        return None
    at = context.sentences[0].start
    return Proposal(
        at,
        at,
        f"{filled(context, 'asks', words_of('asks')['follow_up'])} ",
        "enthusiasm",
        why_of("next_step"),
        "frame",
        order=-1,
    )


def _interest(context: Context) -> Proposal | None:
    fired = {group for sentence in context.sentences for group in sentence.fired}
    if (
        "interest" in fired
        or not context.sentences
        or context.rating("enthusiasm") >= _KEEN_RATING
        or _KEEN.search(context.text)
    ):
        return None
    last = last_to_stay(context)
    before = context.sentences[: context.sentences.index(last)]
    if (
        _SAYS_WHAT_COMES.match(last.text)
        and "next_step" in last.fired
        and before
        and ENDED.search(before[-1].text)
        and not last.first_of_paragraph
    ):
        # what comes next stays the last word
        at, after = last.start, f"{interest_of(context)} "
    else:
        at, after = last.end, f"{stop_of(last)}{gap_after(context, last)}{interest_of(context)}"
    return Proposal(at, at, after, "enthusiasm", why_of("warmer"), "frame", order=7)


def _next_step(context: Context) -> Proposal | None:
    if not _missing(context, "no_next_step") or not context.sentences:
        return None
    last = last_to_stay(context)
    at = last.end
    return Proposal(
        at,
        at,
        f"{stop_of(last)}{gap_after(context, last)}{next_step_of(context)}",
        "overall",
        why_of("next_step"),
        "frame",
        order=8,
    )


def stop_of(sentence: Sentence) -> str:
    """The stop a sentence lacks before another can follow, '' where it has one."""
    return "" if ENDED.search(sentence.text) else "."


def gap_after(context: Context, sentence: Sentence) -> str:
    """A space, or a new paragraph after an item of a list."""
    return "\n\n" if _BULLET.search(context.text[: sentence.end]) else " "


def greets_apart(context: Context) -> bool:
    """Whether the letter has a greeting on a line of its own, as an e-mail has and a text message has not."""
    draft = context.evidence.draft
    spans, bodies = draft.spans_of("greeting"), draft.spans_of("body")
    return bool(spans and bodies) and "\n" in draft.text[spans[-1][1] : bodies[0][0]]


def last_to_stay(context: Context) -> Sentence:
    """The last sentence that no rewriter wants out, so that what comes after it has something to follow."""
    staying = [
        s for s in context.sentences if not harm_of(context, s) and not is_generic(s) and "self_benefit" not in s.fired
    ]
    whole = [s for s in staying if s.words >= _SENTENCE_WORDS]
    staying = [s for s in whole if ENDED.search(s.text)] or whole
    return staying[-1] if staying else context.sentences[-1]


def close_of(context: Context) -> str:
    """A closing line that fits."""
    return context.choose("close", words_of("close")["formal" if context.voice.formality == "formal" else "plain"])


def _close(context: Context) -> Proposal | None:
    draft = context.evidence.draft
    signatures = draft.spans_of("signature")
    if draft.has("close") or not signatures or not context.voice.writer:
        return None
    at = signatures[0][0]
    before = draft.text[:at].rstrip(" \t")
    if before[-1:] not in ("\n", "\r"):
        return None
    blank = "" if re.search(r"\n\s*\n$|\r\n\s*\r\n$", before) else "\n"
    return Proposal(at, at, f"{blank}{close_of(context)}\n", "overall", why_of("close"), "frame", order=9)


def _subject(context: Context) -> Proposal | None:
    draft = context.evidence.draft
    if draft.has("subject") or not draft.has("body") or not greets_apart(context):
        return None
    role = re.sub(r"\s*\([^)]*\)", "", draft.case.role.strip()).split(",")[0]
    short = role if 0 < len(role.split()) <= _SUBJECT_ROLE_WORDS and not re.search(r"[;/\n]", role) else ""
    text = str(words_of("subject")[draft.kind])
    text = text.replace("{for_role}", f" - {short}" if short else "").replace(
        "{on_role}", f" - {short}" if short else ""
    )
    return Proposal(0, 0, f"{words_of('subject')['label']} {text}\n\n", "overall", why_of("subject"), "frame", order=-3)
