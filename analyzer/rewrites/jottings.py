"""Read a jotting so that it can stand in a sentence: spelt out, its form told by the parse, or left alone where it will not read well.

Precision before reach: a jotting that is not surely English, not surely about the work, or not surely parsed is asked about, not woven in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal

from analyzer.parsing.language import parse_texts
from analyzer.resources import load_toml
from analyzer.rewrites.inflection import is_english_word, plural_of
from analyzer.types import ItemKind, NoteItem

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

# thing: "the late vendor payments"; fact: "the labels come 90 days late"; seeks: "someone who can say no to authors";
# asked: "your question about Worktribe"; liked: "my counting method"; told: "my horse slides"
Form = Literal["thing", "fact", "seeks", "asked", "liked", "told"]

_MOST_WORDS, _FEWEST_WORDS = 15, 2
_STRANGE = re.compile(
    r"[$£€](?!\d)|[?!=#@*<>{}|~_\\^:;\"“”]|\d\s*[x×]\s*\d|(?<!\w)['‘’]|['‘’](?!\w)|\d/\d|[A-Za-z]/|\.\.|\d-\d|/"
)
_SUBJECT = r"(?:(?P<who>she|he|they|it|we)\s+|(?P<name>[A-ZÀ-Þ][\w'’-]+)\s+)?"
_SEEKS = re.compile(
    rf"^{_SUBJECT}(?:really |also |just )?(?P<verb>wants?|needs?|wanted|needed|looking for|is looking for|are looking for)\s+(?P<rest>.+)$",
    re.IGNORECASE,
)
_LIKED = re.compile(
    rf"^{_SUBJECT}(?:really |also )?(?:liked?|likes|loved|was impressed (?:by|with))\s+(?P<rest>(?:my|the way i|how i|that i|our)\b.+)$",
    re.IGNORECASE,
)
_ASKED = re.compile(
    rf"^{_SUBJECT}(?:also )?asks?(?:ed)?\s+(?:me )?(?P<twice>twice )?(?P<how>about|how)\s+(?P<rest>.+)$", re.IGNORECASE
)
_TOLD = re.compile(
    r"^(?:i )?(?:told (?:her|him|them)|talked|mentioned|spoke)\s+(?:about |of )?(?P<rest>(?:my|our|the)\b.+)$",
    re.IGNORECASE,
)
_THEY = re.compile(r"^(?:they|we)(?P<rest>\s+\w+.*|['’]re\s.*|['’]ve\s.*)$", re.IGNORECASE)
_SOMEONE = re.compile(
    r"^(?:someone|somebody|people|a person|an? \w+(?: \w+)?) (?:who|that|with|to|calm|strong|willing|able|good)\b",
    re.IGNORECASE,
)


# a small number of things: "2 leads", not "2%", "level 2", "2.3" or "2 March"
_NUMBER = re.compile(
    r"(?:^|(?<=[a-z] )(?<!level )(?<!stage )(?<!phase )(?<!class )(?<!year )(?<!in )(?<!by ))(?:[2-9]|10)(?= [a-z]+(?: [a-z]+)?s\b)"
)
_PRONOUNS = re.compile(
    r"\b(?:he|she|it|its|they|them|their|theirs|him|his|her|hers|we|us|our|i|my|you|your)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A jotting ready for a sentence. ``text`` fits after the words its ``form`` stands for; ``item`` is where it comes from."""

    form: Form
    text: str
    item: NoteItem
    plural: bool = False

    @property
    def kind(self) -> ItemKind:
        """What sort of thing the jotting is."""
        return self.item.kind


@cache
def _table(name: str) -> frozenset[str]:
    return frozenset(load_toml("rewrites_jottings.toml")["left_alone"][name])


@cache
def _small_numbers() -> dict[str, str]:
    words = load_toml("notes.toml")["number_words"]
    return {
        str(value): word
        for word, value in reversed(words.items())
        if isinstance(value, int) and 2 <= value <= 10 and word != "twice"
    }


@cache
def _list(name: str) -> frozenset[str]:
    return (
        frozenset(load_toml("rewrites_jottings.toml")[name])
        if name in load_toml("rewrites_jottings.toml")
        else _table(name)
    )


def spelt_out(text: str) -> str:
    """The jotting with its abbreviations written in full and its white space squeezed."""
    table = load_toml("rewrites_jottings.toml")["spelt_out"]
    words = []
    for word in text.strip(" .,;:-–—").split():
        bare = word.rstrip(",")
        full = table.get(bare) or (table.get(bare.lower()) if bare.lower() in table and not bare.isupper() else None)
        words.append(word if full is None else full + word[len(bare) :])
    joined = _NUMBER.sub(lambda hit: _small_numbers().get(hit.group(), hit.group()), " ".join(words))
    joined = re.sub(
        r"\b(\d+) (minute|hour|day|week|month|year) (?=[a-z]+s?\b)(?!and\b|or\b|in\b|for\b|late\b|on\b|to\b)",
        r"\1-\2 ",
        joined,
    )
    return re.sub(r"\bi(?=['’ ]|$)", "I", joined)


@lru_cache(maxsize=256)
def _parsed(text: str) -> Doc:
    return next(iter(parse_texts([text])))


def phrases_of(items: Sequence[NoteItem], names: frozenset[str]) -> tuple[Phrase, ...]:
    """The phrases of those items that read well, in the order given. ``names`` are the interviewers' names, folded to lower case."""
    made = (phrase_of(item, names) for item in items)
    return tuple(phrase for phrase in made if phrase is not None)


def phrase_of(item: NoteItem, names: frozenset[str]) -> Phrase | None:
    """The item as a phrase, None where it had better not be woven in."""
    text = spelt_out(item.text)
    text = re.sub(r"^(?:and|but|so|also|plus)\s+", "", text)
    words = re.findall(r"[\w'’&-]+", text)
    if item.private or not _FEWEST_WORDS <= len(words) <= _MOST_WORDS or _STRANGE.search(text):
        return None
    lowered = {word.lower() for word in words}
    if lowered & _table("words") or not all(_is_known(word) for word in words):
        return None
    for make in (_seeks, _liked, _asked, _told, _doing, _fact, _thing):
        phrase = make(item, text, names)
        if phrase is not None:
            return phrase
    return None


def _is_known(word: str) -> bool:
    if not word[0].isalpha() or not word[0].islower():
        return not (word.isupper() and len(word) > 6)
    return all(is_english_word(part) for part in re.split(r"[-'’]", word) if part)


def _subject_is_reader(match: re.Match[str], names: frozenset[str]) -> bool:
    name = match.group("name")
    return name is None or name.lower() in names


def _seeks(item: NoteItem, text: str, names: frozenset[str]) -> Phrase | None:
    match = _SEEKS.match(text)
    if match is None or not _subject_is_reader(match, names):
        return None
    rest = _with_articles(match.group("rest"), subject=False)
    if rest is None or not _SOMEONE.match(rest) or re.search(r"\b(?:I|my|by|from|now|NOW)\b", rest):
        return None
    return Phrase("seeks", _kept(rest), item)


def _liked(item: NoteItem, text: str, names: frozenset[str]) -> Phrase | None:
    match = _LIKED.match(text)
    if match is None or not _subject_is_reader(match, names):
        return None
    return Phrase("liked", _kept(match.group("rest")), item)


def _asked(item: NoteItem, text: str, names: frozenset[str]) -> Phrase | None:
    match = _ASKED.match(text)
    if match is None or not _subject_is_reader(match, names):
        return None
    rest = match.group("rest")
    low = f" {rest.lower()} "
    if any(
        f" {question} " in low
        for question in _table("questions")
        if match.group("how") == "about" or question not in ("how i",)
    ):
        return None
    if match.group("how").lower() == "how":
        doc = _parsed(f"how {rest}")
        full = _with_articles(f"how {rest}", subject=False)
        subject_first = re.match(r"(?:I|I'd|you|we)\b", rest)
        return (
            Phrase("asked", full, item)
            if full and subject_first and any(t.pos_ in ("VERB", "AUX") for t in doc)
            else None
        )
    if re.fullmatch(r"[A-Z]\w*", rest):
        # a name of a thing stands by itself
        return Phrase("asked", f"about {rest}", item)
    thing = _noun_phrase(rest)
    return Phrase("asked", f"about {thing[0]}", item) if thing else None


def _told(item: NoteItem, text: str, names: frozenset[str]) -> Phrase | None:
    match = _TOLD.match(text)
    if match is None:
        return None
    rest = match.group("rest")
    if rest.lower().startswith("the "):
        thing = _noun_phrase(rest)
        return Phrase("told", thing[0], item) if thing else None
    return Phrase("told", _kept(rest), item)


def _doing(item: NoteItem, text: str, names: frozenset[str]) -> Phrase | None:
    """What the firm does, said without a subject or with "they": "moving FROM Airflow to Dagster", "they lost two seniors"."""
    match = _THEY.match(text)
    if match:
        rest = re.sub(r"\btheir\b", "your", re.sub(r"\bthem\b", "you", match.group("rest")))
        full = _with_articles(f"you{rest}", subject=False, bare=False)
        fine = full and _is_clause(full) and not re.search(r"\b(?:he|she|they|I|my|asked|said)\b", full)
        return Phrase("fact", full, item) if full and fine else None
    first = text.split()[0].lower()
    if first in _list("doing") or first == "lost":
        rest = text[len(first) :].strip()
        rest = re.sub(r"\b(FROM|TO)\b", lambda hit: hit.group().lower(), rest)
        full = _with_articles(f"you {'lost' if first == 'lost' else 'are ' + first} {rest}", subject=False, bare=False)
        return Phrase("fact", full, item) if full and not _PRONOUNS.search(rest) and len(rest.split()) > 1 else None
    return None


def _is_clause(text: str) -> bool:
    """Whether the text is one finite clause that says something: a verb that cannot be a mere participle, with what belongs to it."""
    doc = _parsed(text)
    root = next((token for token in doc if token.dep_ == "ROOT"), None)
    if root is None or root.pos_ not in ("VERB", "AUX") or root.text.lower() in _list("no_verbs"):
        return False
    subject = next((child for child in root.children if child.dep_ == "nsubj"), None)
    if (subject is not None and not _agrees(subject, root)) or (
        doc[-1].pos_ in ("NUM", "SYM") and doc[-2].dep_ != "prep"
    ):
        return False
    parts = {child.dep_ for child in root.children}
    if not parts & {"nsubj", "nsubjpass", "expl"}:
        return False
    if root.tag_ == "VBD" and root.text.lower() not in _list("happened"):
        return False
    if root.tag_ in ("VB", "VBG", "VBN") and not parts & {"aux", "auxpass"}:
        return False
    return bool(parts & {"dobj", "attr", "acomp", "prep", "xcomp", "advcl", "agent"}) or root.tag_ == "VBD"


def _agrees(subject: Token, verb: Token) -> bool:
    """Whether subject and verb agree in number; a noun taken for a verb mostly does not."""
    if subject.text.lower() in ("you", "people", "staff", "team") or any(
        child.dep_ == "conj" for child in subject.children
    ):
        return True
    plural = subject.tag_ in ("NNS", "NNPS")
    return not ((verb.tag_ == "VBZ" and plural) or (verb.tag_ in ("VBP", "VB") and not plural))


def _fact(item: NoteItem, text: str, names: frozenset[str]) -> Phrase | None:
    """A whole clause with its own subject, or a noun with a bare predicate: "damp survey failed twice", "vendor payments late"."""
    first = text.split()[0].lower()
    if first in (
        "i",
        "he",
        "she",
        "it",
        "there",
        "you",
        "we",
        "my",
        "our",
        "this",
        "that",
        "not",
        "no",
        "and",
        "but",
        "or",
        "if",
        "so",
        "then",
        "also",
        "what",
        "why",
        "how",
        "because",
        "who",
        "when",
        "half",
        "team",
    ):
        return None
    if first in names or _PRONOUNS.search(text) or first == "1":
        return None
    tail = text.split()
    if tail[-1].lower() in _list("predicates") and len(tail) > 1:
        degree = tail[-2].lower() in ("very", "too", "so")
        named = " ".join(tail[: -2 if degree else -1])
        only = (
            named.lower() if len(named.split()) == 1 and named.istitle() and is_english_word(named.lower()) else named
        )
        subject = _noun_phrase(only)
        if subject is None or (tail[-1].lower() in ("worst", "new", "full") and not degree):
            return None
        verb = "are" if subject[1] else "is"
        return Phrase("fact", f"{subject[0]} {verb} {' '.join(tail[-2:] if degree else tail[-1:])}", item, subject[1])
    doc = _parsed(text)
    root = next((token for token in doc if token.dep_ == "ROOT"), None)
    subject_token = next((token for token in doc if token.dep_ in ("nsubj", "nsubjpass") and token.head == root), None)
    if root is None or subject_token is None or subject_token.pos_ not in ("NOUN", "PROPN") or not _is_clause(text):
        return None
    if subject_token.text.lower() in _table("roles") or (root.tag_ == "VBG" and root.i == 0):
        return None
    if not any(token.is_alpha and token.pos_ in ("NOUN", "PROPN") for token in subject_token.subtree):
        return None
    full = _with_articles(text, subject=True, bare=False)
    return Phrase("fact", full, item) if full else None


def _thing(item: NoteItem, text: str, names: frozenset[str]) -> Phrase | None:
    """A bare noun phrase: "the noisy neighbour", "the 340 sellers in Hull"."""
    made = _noun_phrase(text)
    if (
        made is None
        or not _telling(text)
        or re.search(rf"\b(?:{'|'.join(load_toml('notes.toml')['calendar']['days'])})", text, re.IGNORECASE)
    ):
        return None
    return Phrase("thing", made[0], item, made[1])


def _telling(text: str) -> bool:
    """Whether a noun phrase says enough to be recalled: two words of substance, not a place, a number of things or a person alone."""
    doc = _parsed(text)
    content = [token for token in doc if token.pos_ in ("NOUN", "PROPN", "ADJ") and len(token.text) > 1]
    nouns = [token for token in content if token.pos_ == "NOUN" and token.is_lower]
    return len(content) >= 2 and bool(nouns) and not any(token.text.lower() in _table("roles") for token in content)


_BEFORE = (
    "det",
    "poss",
    "nummod",
    "predet",
    "amod",
    "compound",
    "nmod",
    "quantmod",
    "punct",
    "advmod",
    "npadvmod",
    "cc",
    "conj",
)
_AFTER = (
    "prep",
    "pobj",
    "pcomp",
    "det",
    "amod",
    "compound",
    "nummod",
    "poss",
    "case",
    "conj",
    "cc",
    "punct",
    "quantmod",
    "nmod",
    "npadvmod",
)


def _noun_phrase(text: str) -> tuple[str, bool] | None:
    """The text as a definite noun phrase and whether it is plural; None where it is anything else."""
    doc = _parsed(text)
    root = next((token for token in doc if token.dep_ == "ROOT"), None)
    if root is None or root.pos_ != "NOUN" or len(list(doc.sents)) != 1:
        return None
    for token in doc:
        if token is root or token == root:
            continue
        allowed = _BEFORE if token.i < root.i else _AFTER
        if (
            token.dep_ not in allowed
            or token.pos_ in ("VERB", "AUX", "PRON", "INTJ", "SCONJ")
            or token.tag_ in ("RB", "VBG", "VBN")
        ):
            return None
    if doc[-1].pos_ not in ("NOUN", "PROPN", "NUM") or root.text.lower() in _table("roles"):
        return None
    if (
        doc[-1].pos_ == "PROPN"
        and doc[-1].i > root.i
        and not any(token.dep_ == "prep" and token.i > root.i for token in doc)
    ):
        return None
    if doc[-1].pos_ == "NUM" or (root.i == 0 and len(doc) > 1 and doc[1].pos_ == "NUM"):
        return None
    if any(token.pos_ == "NOUN" and token.i > root.i and token.tag_ == "NN" and _needs_article(token) for token in doc):
        return None
    plural = root.tag_ in ("NNS", "NNPS") or plural_of(root.text) == root.text
    has_determiner = any(child.dep_ in ("det", "poss") for child in root.children)
    if root.text.lower() in _list("units") or any(token.lower_ in ("each", "every") for token in doc):
        return None
    figures = [child for child in root.children if child.dep_ == "nummod"]
    if figures and (not plural or any(token.pos_ in ("NOUN", "PROPN") and token.i < figures[0].i for token in doc)):
        return None
    body = _kept(text)
    return (body if has_determiner or (root.pos_ == "PROPN" and len(doc) == 1) else f"the {body}"), plural


def _kept(text: str) -> str:
    """The first word in small letters unless it is a name or initials."""
    first = text.split()[0]
    rest = text[len(first) :]
    plain = first[1:].replace("-", "").islower() or len(first) == 1
    following = rest.strip()[:1]
    if (
        first[0].isupper()
        and plain
        and first != "I"
        and all(is_english_word(part) for part in first.lower().split("-"))
        and following.islower()
        and first.lower() not in _list("capitals")
    ):
        return first.lower() + rest
    return text


def _needs_article(token: Token) -> bool:
    if (
        token.tag_ != "NN"
        or not token.is_lower
        or token.text in _list("mass")
        or token.text.endswith(("body", "one", "thing"))
        or token.dep_ in ("compound", "npadvmod", "nmod")
    ):
        return False
    if (
        token.text.endswith(("ing", "ment", "ity", "ness", "ism", "ship", "ance", "ence", "age", "tion"))
        and token.dep_ == "pobj"
    ):
        return False
    return not any(
        child.dep_ in ("det", "poss", "nummod", "predet") or child.tag_ in ("PRP$", "DT", "CD")
        for child in token.subtree
        if child.i < token.i
    )


def _with_articles(text: str, *, subject: bool, bare: bool = True) -> str | None:
    """The clause with "a" or "the" where a bare singular noun needs one; None where too many are, or any but the subject and not ``bare``."""
    doc = _parsed(text)
    at: dict[int, str] = {}
    for token in doc:
        if not _needs_article(token):
            continue
        first = min(
            (
                child.i
                for child in token.subtree
                if child.i < token.i and child.dep_ in ("amod", "compound", "nmod", "advmod")
            ),
            default=token.i,
        )
        is_subject = token.dep_ in ("nsubj", "nsubjpass")
        at[first] = "the" if is_subject else _a(doc[first].text)
    if subject:
        root_subject = next((t for t in doc if t.dep_ in ("nsubj", "nsubjpass")), None)
        if (
            root_subject is not None
            and root_subject.pos_ == "NOUN"
            and not any(child.dep_ in ("det", "poss") for child in root_subject.children)
        ):
            first = min(token.i for token in root_subject.subtree if token.i <= root_subject.i)
            if doc[first].pos_ not in ("DET", "PRON") and (doc[first].pos_ != "PROPN" or doc[first].is_lower):
                at[first] = "the"
    if sum(article != "the" for article in at.values()) > (2 if bare else 0):
        return None
    out = "".join(
        (f"{at[token.i]} {_small(token)}" if token.i in at else token.text) + token.whitespace_ for token in doc
    ).strip()
    return out if 0 in at else _kept(out)


def _small(token: Token) -> str:
    return token.text.lower() if token.pos_ != "PROPN" and token.text[1:].islower() else token.text


def _a(word: str) -> str:
    return "an" if word[0].lower() in "aeiou" and not re.match(r"(?:uni|use|eu|one)", word.lower()) else "a"
