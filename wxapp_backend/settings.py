"""Settings: read once at start, typed, frozen; nothing else reads the environment.

`config/default.toml` names every setting with its unit and range; a settings file and then the
environment override it. All faults are named at once.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

ROOT = Path(__file__).resolve().parent.parent
DEFAULTS = ROOT / "config" / "default.toml"
LOCAL = ROOT / "config" / "local.toml"

PREFIX = "YINJIAN_"
_SHORTHANDS = {
    "DATABASE_URL": ("database", "url"),
    "REDIS_URL": ("redis", "url"),
    "PORT": ("server", "port"),
}
"""Names that hosting platforms set by custom."""

Secret = Annotated[str, Field(min_length=1, repr=False)]
MessageKind = Literal["success", "second_visit", "first_impression"]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Server(_Section):
    """Where the web process listens and what it believes."""

    host: str
    port: int = Field(ge=1, le=65535)
    threads: int = Field(ge=1, le=256)
    trusted_proxies: int = Field(ge=0, le=5)
    link_base: str = Field(pattern=r"^https?://[^/]+(/.*[^/])?$")
    requests_per_second_per_address: int = Field(ge=20)
    requests_per_second_per_caller: int = Field(ge=5)


class Security(_Section):
    """Keys of our own."""

    secret_key: str = Field(min_length=32, repr=False)


class DatabaseSettings(_Section):
    """The one store of truth."""

    url: str = Field(repr=False, pattern=r"^(sqlite|postgresql\+psycopg)://")
    pool_size: int = Field(ge=1, le=100)


class RedisSettings(_Section):
    """Caches, limits, the WeChat token and the queue; losing it loses no truth."""

    url: str = Field(repr=False)


class Work(_Section):
    """How deliveries are carried."""

    mode: Literal["embedded", "queue"]
    namespace: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    threads: int = Field(ge=1, le=64)


class ClockSettings(_Section):
    """Where the time comes from; empty means the machine."""

    url: str


class StorageSettings(_Section):
    """Where files are kept."""

    folder: Path
    spool: Path


class Log(_Section):
    """How much is logged."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"]


class Brand(_Section):
    """How the shop looks to its customers."""

    name: str = Field(min_length=1, max_length=20)
    slogan: str = Field(max_length=24)
    colour: str = Field(pattern=r"^#[0-9A-Fa-f]{6}$")
    logo_url: str
    hours: str = Field(max_length=60)
    phone: str = Field(max_length=20)
    address: str = Field(max_length=80)
    privacy_contact: str = Field(max_length=60)
    privacy_version: str = Field(min_length=1, max_length=20)
    review_tags: list[Annotated[str, Field(min_length=1, max_length=8)]] = Field(max_length=8)


class Folder(_Section):
    """A folder of documents."""

    folder: Path


class Posters(_Section):
    """Where poster templates are, what stands in the middle of codes, how many processes draw."""

    folder: Path
    logo: str
    code_kind: Literal["qr", "mini_program"]
    processes: int = Field(ge=0, le=64)

    @field_validator("logo")
    @classmethod
    def _exists(cls, logo: str) -> str:
        if logo and not Path(logo).is_file():
            raise ValueError(f"there is no file {logo}")
        return logo

    @property
    def logo_file(self) -> Path | None:
        """Return the file of the shop's logo, if there is one."""
        return Path(self.logo) if self.logo else None


class Coupons(_Section):
    """Limits around redemption."""

    undo_minutes: int = Field(ge=1, le=1440)


class Visits(_Section):
    """Which orders can be."""

    oldest_order_days: int = Field(ge=1, le=3650)
    largest_order_fen: int = Field(ge=1, le=9_999_999_999)


class Identity(_Section):
    """Life of sessions."""

    session_days: int = Field(ge=1, le=90)


class WeChatApp(_Section):
    """One WeChat account of ours."""

    appid: Secret
    secret: Secret
    original_id: str
    token: Secret
    encoding_aes_key: str = Field(min_length=43, max_length=43, repr=False)
    previous_aes_key: str = Field(max_length=43, repr=False)


class MiniProgram(WeChatApp):
    """The mini-program."""

    env_version: Literal["release", "trial", "develop"]
    landing_page: str = Field(pattern=r"^[^/].*")


class MessageTemplate(_Section):
    """Where one kind of message goes, and under which keys its values."""

    official_id: str
    official_keys: dict[str, str]
    mini_program_id: str
    mini_program_keys: dict[str, str]


class WeChat(_Section):
    """WeChat's addresses and our two accounts."""

    base_url: str = Field(pattern=r"^https?://[^/]+$")
    mp_base_url: str = Field(pattern=r"^https?://[^/]+$")
    connect_timeout_seconds: float = Field(ge=0.1, le=10)
    read_timeout_seconds: float = Field(ge=0.1, le=20)
    mini_program: MiniProgram
    official_account: WeChatApp
    templates: dict[MessageKind, MessageTemplate]


class Settings(_Section):
    """All that differs between deployments; `config/default.toml` explains each field."""

    server: Server
    security: Security
    database: DatabaseSettings
    redis: RedisSettings
    work: Work
    clock: ClockSettings
    storage: StorageSettings
    log: Log
    brand: Brand
    campaigns: Folder
    posters: Posters
    coupons: Coupons
    visits: Visits
    identity: Identity
    wechat: WeChat

    @model_validator(mode="after")
    def _queue_needs_redis(self) -> Settings:
        if self.work.mode == "queue" and not self.redis.url:
            raise ValueError('work.mode = "queue" needs redis.url')
        return self


class SettingsFault(RuntimeError):
    """Settings are missing or out of range; the text names all of them at once."""


def load_settings(env: Mapping[str, str]) -> Settings:
    """Read settings from the defaults, the settings file and `env`, the later winning.

    The file is the one that `YINJIAN_SETTINGS` names, or else `config/local.toml` if there is one.
    Relative folders are taken from the project's root.

    Raises:
        SettingsFault: one or more settings are missing, unknown or out of range.
    """
    values = tomllib.loads(DEFAULTS.read_text(encoding="utf-8"))
    chosen = env.get(f"{PREFIX}SETTINGS")
    file = Path(chosen) if chosen else LOCAL
    if chosen or file.exists():
        _merge(values, _read_file(file))
    _merge(values, _from_environment(env))
    _anchor(values)
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise SettingsFault(_explain(error)) from None


def _read_file(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise SettingsFault(f"cannot read settings file {file}: {error}") from None


def _merge(into: dict[str, Any], more: Mapping[str, Any]) -> None:
    for name, value in more.items():
        if isinstance(value, Mapping) and isinstance(into.get(name), dict):
            _merge(into[name], value)
        else:
            into[name] = value


def _from_environment(env: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in env.items():
        if name in _SHORTHANDS and value:
            path: tuple[str, ...] = _SHORTHANDS[name]
        elif name.startswith(PREFIX) and "__" in name:
            path = tuple(name.removeprefix(PREFIX).lower().split("__"))
        else:
            continue
        place = found
        for part in path[:-1]:
            place = place.setdefault(part, {})
        place[path[-1]] = value
    return found


def _anchor(values: dict[str, Any]) -> None:
    """Make relative folders and SQLite files lie under the project's root, wherever we start."""
    for section in ("storage", "campaigns", "posters"):
        values[section]["folder"] = str(ROOT / values[section]["folder"])
    if values["posters"]["logo"]:
        values["posters"]["logo"] = str(ROOT / values["posters"]["logo"])
    values["storage"]["spool"] = str(ROOT / values["storage"]["spool"])
    url = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", values["database"]["url"])
    values["database"]["url"] = url
    if url.startswith("sqlite:///") and not url.startswith("sqlite:////"):
        values["database"]["url"] = f"sqlite:///{ROOT / url.removeprefix('sqlite:///')}"


def _explain(error: ValidationError) -> str:
    lines = []
    for fault in error.errors(include_input=False, include_url=False):
        path = ".".join(str(part) for part in fault["loc"]) or "settings"
        variable = PREFIX + path.upper().replace(".", "__")
        lines.append(f"  {path} ({variable}): {fault['msg']}")
    return "settings are not usable:\n" + "\n".join(lines)
