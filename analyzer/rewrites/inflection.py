"""English words and their forms, from the lexicon of LemmInflect (MIT), which is a file on this machine."""

from __future__ import annotations

from functools import lru_cache

from analyzer.resources import load_toml

# words of a clause that a lexicon of nouns, verbs and adjectives leaves out
_SMALL = frozenset(load_toml("rewrites_jottings.toml")["small_words"])


@lru_cache(maxsize=20_000)
def is_english_word(word: str) -> bool:
    """Whether a word in small letters is in the lexicon, in any of its forms."""
    from lemminflect import getAllLemmas

    return word in _SMALL or bool(getAllLemmas(word))


@lru_cache(maxsize=5_000)
def is_verb(word: str) -> bool:
    """Whether a word is the base form of a verb in the lexicon."""
    from lemminflect import getAllLemmas

    return word in getAllLemmas(word, upos="VERB").get("VERB", ())


@lru_cache(maxsize=5_000)
def plural_of(noun: str) -> str:
    """The plural of a noun, '' where the lexicon has none."""
    from lemminflect import getInflection

    forms = getInflection(noun, tag="NNS", inflect_oov=False)
    return str(forms[0]) if forms else ""


@lru_cache(maxsize=5_000)
def form_of(lemma: str, tag: str) -> str:
    """A verb's form by its Penn tag ("help", "VBG" -> "helping"), the lemma itself where the lexicon has none."""
    from lemminflect import getInflection

    forms = getInflection(lemma, tag=tag)
    return str(forms[0]) if forms else lemma
