"""What a user may change: the shipped defaults, then the user's own file over them. One dataclass a table of the file.

To add a setting: its line with a comment in ``resources/settings.toml``, its field in the dataclass of its table.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from analyzer.errors import UsageError
from analyzer.resources import load_toml

SETTINGS_VARIABLE = "ANALYZER_SETTINGS"
HOME_VARIABLE = "ANALYZER_HOME"
_LARGEST = 365


@dataclass(frozen=True, slots=True)
class TimingSettings:
    """``country`` is ISO 3166-1 alpha-2, with a subdivision after a hyphen or not; ``zone`` an IANA name; empty where not chosen."""

    country: str
    zone: str
    thank_you_hours: float
    thank_you_late_days: float
    clarification_days: float
    follow_up_days: float
    grace_working_days: float
    between_follow_ups_days: float
    most_follow_ups: float
    follow_up_late_days: float
    office_from: float
    office_to: float

    def __post_init__(self) -> None:
        counts = (field.name for field in fields(self) if field.name not in ("country", "zone"))
        for name in counts:
            value = getattr(self, name)
            if not 0 <= value <= _LARGEST or value != int(value):
                raise UsageError(
                    "bad_settings",
                    f"The setting timing.{name} is {value}: give a whole number from 0 to {_LARGEST}.",
                )
        if not self.office_from < self.office_to <= 24:
            raise UsageError(
                "bad_settings",
                f"The settings timing.office_from ({self.office_from}) and timing.office_to ({self.office_to}) make no working day: "
                "give two hours from 0 to 24, the earlier first.",
            )


@dataclass(frozen=True, slots=True)
class LanguageModelSettings:
    """``url`` empty: no model is asked. ``key_variable`` names an environment variable; the key itself is never in a file of ours."""

    url: str
    model: str
    key_variable: str
    time_limit_s: float


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, by table of the file."""

    timing: TimingSettings
    language_model: LanguageModelSettings


def user_folder() -> Path:
    """Where what this user keeps lies (models taught, coaches' readings): ``$ANALYZER_HOME``, else the usual place for data."""
    home = os.environ.get(HOME_VARIABLE)
    return Path(home) if home else Path.home() / ".local" / "share" / "draft-analyzer"


def settings_path() -> Path:
    """The user's own file: ``$ANALYZER_SETTINGS``, else ``settings.toml`` in the usual place for configuration."""
    named = os.environ.get(SETTINGS_VARIABLE)
    if named:
        return Path(named)
    home = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(home) / "draft-analyzer" / "settings.toml"


def load_settings(path: Path | None = None) -> Settings:
    """Defaults with the user's file over them; a file that is not there changes nothing.

    Raises UsageError where the file cannot be read, or names a table or setting nobody knows, or gives a value of the wrong type.
    """
    path = path or settings_path()
    own: dict[str, Any] = {}
    if path.is_file():
        try:
            own = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise UsageError(
                "bad_settings", f"The settings in “{path}” cannot be read ({error}): mend or move the file."
            ) from error
    defaults = load_toml("settings.toml")
    known = [field.name for field in fields(Settings)]
    for table in own:
        if table not in known or not isinstance(own[table], dict):
            raise UsageError(
                "bad_settings",
                f"“{path}” has a table “{table}” that is not known: use {', '.join(f'[{name}]' for name in known)}.",
            )
    return Settings(
        timing=TimingSettings(**_merged(defaults, own, "timing", path)),
        language_model=LanguageModelSettings(**_merged(defaults, own, "language_model", path)),
    )


def _merged(defaults: dict[str, Any], own: dict[str, Any], table: str, path: Path) -> dict[str, Any]:
    merged = dict(defaults[table])
    for name, value in own.get(table, {}).items():
        if name not in merged:
            raise UsageError(
                "bad_settings", f"“{path}” sets “{name}” in [{table}], which is not known: use {', '.join(merged)}."
            )
        wanted = _sort_of(merged[name])
        if _sort_of(value) != wanted:
            raise UsageError("bad_settings", f"“{path}” sets {table}.{name} to {value!r}: it must be {wanted}.")
        merged[name] = value
    return merged


def _sort_of(value: object) -> str:
    """What a value of the file is, in words. A boolean is none of Python's numbers here."""
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    return "a text in quotes" if isinstance(value, str) else "something else"
