"""A settings file a person can read and break, and that a crash cannot."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from copilot.config.settings import (
    DemoDeskSettings,
    Preferences,
    RequestTrackerSettings,
    Settings,
    load_settings,
    save_settings,
)
from copilot.errors import SettingsError


def test_a_new_workspace_has_the_demo_desk(tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    assert settings.desks == (DemoDeskSettings(),)
    assert settings.preferences.hold_seconds == 10


def test_what_is_saved_is_read_back(tmp_path: Path) -> None:
    desk = RequestTrackerSettings(
        id="rt", name="Support", url="https://rt.example.org", queues=("Support", "VIP")
    )
    settings = Settings(
        preferences=Preferences(theme="dark", hold_seconds=0), desks=(DemoDeskSettings(), desk)
    )
    save_settings(tmp_path / "new", settings)
    assert load_settings(tmp_path / "new") == settings


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("this is = = not toml", "cannot be read"),
        ("version = 99", "newer Sidedesk"),
        ("[preferences]\nhold_seconds = -3", "preferences.hold_seconds"),
        ("[preferences]\ncolour = 'red'", "preferences.colour"),
    ],
)
def test_a_bad_file_is_named_with_its_setting(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "settings.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings(tmp_path)
    assert said in caught.value.message
    assert str(tmp_path) in caught.value.message
    assert caught.value.advice


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_settings(tmp_path, Settings(preferences=Preferences(theme="dark")))

    def full_disk(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(SettingsError, match="No space left"):
        save_settings(tmp_path, Settings(preferences=Preferences(theme="light")))
    assert load_settings(tmp_path).preferences.theme == "dark"
    assert [path.name for path in tmp_path.iterdir()] == ["settings.toml"]
