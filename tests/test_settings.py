"""A user's settings: over the defaults, and a clear sentence for each mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.errors import UsageError
from analyzer.settings import load_settings


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_the_defaults_hold_and_no_model_is_asked(tmp_path: Path) -> None:
    settings = load_settings(tmp_path / "none.toml")
    assert settings.language_model.url == ""


def test_a_users_value_goes_over_the_default_and_leaves_the_others(tmp_path: Path) -> None:
    settings = load_settings(written(tmp_path, '[timing]\ncountry = "GB"\n'))
    assert settings.timing.country == "GB"
    assert settings.language_model == load_settings(tmp_path / "none.toml").language_model


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[timing\n", "cannot be read"),
        ("[tempo]\n", "“tempo”"),
        ('timing = "GB"\n', "“timing”"),
        ('[timing]\nland = "GB"\n', "“land”"),
        ("[timing]\ncountry = 7\n", "timing.country"),
        ('[language_model]\ntime_limit_s = "long"\n', "a number"),
        ("[language_model]\ntime_limit_s = true\n", "a number"),
    ],
)
def test_a_mistake_is_named_with_its_cure(tmp_path: Path, text: str, named: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(UsageError, match="settings") as caught:
        load_settings(path)
    assert named in caught.value.message and str(path) in caught.value.message
