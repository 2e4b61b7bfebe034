"""Settings: the file of defaults, the class and the refusals agree."""

from __future__ import annotations

import tomllib

import pytest
from pydantic import BaseModel

from tests.settings import required
from wxapp_backend.settings import DEFAULTS, Settings, SettingsFault, load_settings


def paths_of_class(model: type[BaseModel], prefix: str = "") -> set[str]:
    """Return the dotted names of all fields."""
    found = set()
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            found |= paths_of_class(inner, f"{prefix}{name}.")
        else:
            found.add(prefix + name)
    return found


def paths_of_file(values: dict[str, object], prefix: str = "") -> set[str]:
    """Return the dotted names of all values, stopping where the class has one field."""
    found = set()
    for name, value in values.items():
        if isinstance(value, dict) and f"{prefix}{name}" != "wechat.templates":
            found |= paths_of_file(value, f"{prefix}{name}.")
        else:
            found.add(prefix + name)
    return found


def test_every_setting_has_a_default_and_every_default_a_setting() -> None:
    """`config/default.toml` is the complete list."""
    values = tomllib.loads(DEFAULTS.read_text(encoding="utf-8"))
    assert paths_of_file(values) == paths_of_class(Settings)


def test_every_default_is_explained() -> None:
    """Each line of the defaults says what it is; message templates are explained together."""
    lines = DEFAULTS.read_text(encoding="utf-8").splitlines()
    settings = [line for line in lines if "=" in line and not line.startswith("#")]
    bare = [
        line
        for line in settings
        if "#" not in line and not line.startswith(("official_", "mini_program_"))
    ]
    assert bare == []


def test_all_missing_settings_are_named_at_once() -> None:
    """Who starts with nothing learns everything that is missing from one message."""
    with pytest.raises(SettingsFault) as caught:
        load_settings({"YINJIAN_SETTINGS": str(DEFAULTS)})
    text = str(caught.value)
    for name in required().keys() - {"YINJIAN_SETTINGS"}:
        assert name in text


def test_a_fault_never_shows_the_value() -> None:
    """A secret that is too short must not end up in a log."""
    with pytest.raises(SettingsFault) as caught:
        load_settings(required() | {"YINJIAN_SECURITY__SECRET_KEY": "tooshort-canary"})
    assert "canary" not in str(caught.value)


def test_environment_wins_over_files() -> None:
    """What the process is started with goes before what is written down."""
    settings = load_settings(required() | {"PORT": "8123", "YINJIAN_LOG__LEVEL": "ERROR"})
    assert (settings.server.port, settings.log.level) == (8123, "ERROR")


def test_an_unknown_setting_is_refused() -> None:
    """A misspelt name is a fault, not a silent default."""
    with pytest.raises(SettingsFault, match=r"server\.prot"):
        load_settings(required() | {"YINJIAN_SERVER__PROT": "1"})


def test_a_logo_that_is_not_there_is_a_fault_at_start() -> None:
    """Not on the first poster."""
    with pytest.raises(SettingsFault, match=r"posters\.logo.*no file"):
        load_settings(required() | {"YINJIAN_POSTERS__LOGO": "var/none.png"})
    logo = "poster_templates/shop-sign/preview.jpg"
    settings = load_settings(required() | {"YINJIAN_POSTERS__LOGO": logo})
    assert settings.posters.logo_file is not None
    assert settings.posters.logo_file.is_file()
