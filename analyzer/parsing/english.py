"""Is a draft English? The ratings mean nothing in another language."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from analyzer.errors import InputError
from analyzer.parsing.words import tokens_of
from analyzer.resources import load_words

# share of very common English words from which nobody need ask further; English letters have well over half
_PLAINLY_ENGLISH_SHARE = 0.30
# below this many words a language cannot be told from names and slips
_FEWEST_WORDS = 6
_SURE = 0.90


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def english_share(text: str) -> float:
    """Share of the words (0..1) that are among the commonest of English letters; 1 where there are none."""
    words = [token.text.lower() for token in tokens_of(text) if not token.is_figure]
    return sum(word in load_words("common") for word in words) / len(words) if words else 1.0


def check_english(text: str) -> None:
    """Raise InputError where the draft is surely in another language, or holds no words at all."""
    words = [token for token in tokens_of(text) if not token.is_figure]
    if not words:
        raise InputError("no_words", "The draft holds no words: paste the message as text.")
    if len(words) < _FEWEST_WORDS or english_share(text) >= _PLAINLY_ENGLISH_SHARE:
        return
    language, probability = _identifier().classify(text)
    if language != "en" and probability >= _SURE:
        raise InputError(
            "not_english",
            f"The draft seems to be in another language ({language}): only English drafts can be judged. Paste the English version.",
        )
