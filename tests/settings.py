"""Settings for tests: every required one, obviously fake."""

from __future__ import annotations

from wxapp_backend.settings import DEFAULTS, Settings, load_settings

SECRET_KEY = "test-secret-key-of-32-characters!"
AES_KEY = "A" * 43


def required() -> dict[str, str]:
    """Return an environment with all that has no default."""
    values = {
        "YINJIAN_SETTINGS": str(DEFAULTS),  # not the developer's own file
        "YINJIAN_SECURITY__SECRET_KEY": SECRET_KEY,
    }
    for app in ("MINI_PROGRAM", "OFFICIAL_ACCOUNT"):
        prefix = f"YINJIAN_WECHAT__{app}__"
        values[prefix + "APPID"] = f"wx-test-{app.lower()}"
        values[prefix + "SECRET"] = "test"
        values[prefix + "TOKEN"] = "test"
        values[prefix + "ENCODING_AES_KEY"] = AES_KEY
    return values


def make_settings(**overrides: str) -> Settings:
    """Return settings; override any by its environment name without the prefix."""
    return load_settings(
        required() | {f"YINJIAN_{name}": value for name, value in overrides.items()}
    )
