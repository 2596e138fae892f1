"""Which settings does this shop run with, and where did each come from?"""

from __future__ import annotations

import difflib
import os
import re
import secrets
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_serializer, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from knowledge_base.reader.precision import Precision

PREFIX = "STOREKEEP_"
TEST_PREFIX = "STOREKEEP_TEST_"
DATABASES = ("sqlite", "postgresql")
_ORIGIN = r"https?://[^/\s?#@*]+"

Port = Annotated[int, Field(ge=1, le=65535)]
# RFC 7518, 3.2: a key for HS256 has at least 32 bytes.
SigningKey = Annotated[SecretStr, Field(min_length=32)]
SharedSecret = Annotated[SecretStr, Field(min_length=8)]


class UnknownSetting(Exception):
    """An environment variable begins with STOREKEEP_ and is no setting of ours."""


class InvalidSetting(Exception):
    """A setting has a value outside of what is allowed."""


class Settings(BaseSettings):
    """One field a setting; the variable is its name in capitals after STOREKEEP_."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    data_dir: Path = Path(".storekeep")
    database_url: str = Field(default="", repr=False, validate_default=False)
    knowledge_dir: Path = Path("knowledge_base/sample")
    web_host: str = "127.0.0.1"
    web_port: Port = 8000
    public_url: str = Field(default="", validate_default=False)
    rasa_environment: Path = Path(".venv-rasa")
    rasa_port: Port = 5005
    actions_port: Port = 5055
    token_secret: SigningKey | None = None
    customer_token_secret: SigningKey | None = None
    actions_secret: SharedSecret | None = None
    session_hours: float = Field(default=72, gt=0, le=24 * 365)
    reply_timeout_seconds: float = Field(default=8.0, gt=0, le=120)
    demo: bool = False
    widget_origins: Annotated[list[str], NoDecode] = []
    reader_model: str | None = None
    reader_precision: Precision = "auto"
    encoder_model: str | None = None
    writer_model: Path | None = None
    answer_threshold: float | None = Field(default=None, ge=0, le=1)
    metrics_key: SharedSecret | None = None
    privacy_budget: float = Field(default=1.0, gt=0, le=100)
    events_write_key: SharedSecret | None = None
    events_server_key: SharedSecret | None = None
    events_burst: int = Field(default=1000, ge=1)
    events_seconds_each: float = Field(default=0.05, gt=0)
    recommendations_burst: int = Field(default=60, ge=1)
    recommendations_seconds_each: float = Field(default=0.5, gt=0)
    message_burst: int = Field(default=20, ge=1)
    message_seconds_each: float = Field(default=1.0, gt=0)
    session_burst: int = Field(default=30, ge=1)
    session_seconds_each: float = Field(default=2.0, gt=0)

    @field_validator("database_url")
    @classmethod
    def _is_known_database(cls, url: str) -> str:
        if urlsplit(url).scheme.partition("+")[0] not in DATABASES:
            raise ValueError("should begin with sqlite:/// or postgresql+psycopg://")
        return url

    @field_validator("public_url")
    @classmethod
    def _is_origin(cls, url: str) -> str:
        if re.fullmatch(_ORIGIN, url) is None:
            raise ValueError("should be an origin like https://shop.example, without a path")
        return url

    @field_validator("widget_origins", mode="before")
    @classmethod
    def _split_by_comma(cls, origins: object) -> object:
        if not isinstance(origins, str):
            return origins
        return [origin.strip() for origin in origins.split(",") if origin.strip()]

    @field_validator("widget_origins")
    @classmethod
    def _are_origins(cls, origins: list[str]) -> list[str]:
        for origin in origins:
            if re.fullmatch(_ORIGIN, origin) is None:
                raise ValueError("should be origins like https://shop.example, separated by commas")
        return origins

    @model_validator(mode="before")
    @classmethod
    def _put_database_into_data_dir(cls, values: dict[str, object]) -> dict[str, object]:
        if "database_url" in values:
            return values
        data_dir = values.get("data_dir", cls.model_fields["data_dir"].default)
        return {**values, "database_url": f"sqlite:///{data_dir}/storekeep.db"}

    @model_validator(mode="before")
    @classmethod
    def _put_public_url_at_web_port(cls, values: dict[str, object]) -> dict[str, object]:
        if "public_url" in values:
            return values
        host = str(values.get("web_host", cls.model_fields["web_host"].default))
        port = values.get("web_port", cls.model_fields["web_port"].default)
        return {**values, "public_url": f"http://{f'[{host}]' if ':' in host else host}:{port}"}

    @field_serializer("database_url")
    def _hide_password(self, url: str) -> str:
        return without_password(url)


def load_settings() -> Settings:
    """The settings of this process's environment.

    Raises UnknownSetting for a STOREKEEP_ variable that we do not know (STOREKEEP_TEST_ ones are the tests'
    own), InvalidSetting for a value that is not allowed.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    for variable in sorted(os.environ):
        if variable.upper().startswith(PREFIX) and not variable.upper().startswith(TEST_PREFIX):
            _check_known(variable, known)
    try:
        return Settings()
    except ValidationError as error:
        raise InvalidSetting("; ".join(_problems(error))) from None


def kept_token_secret(settings: Settings) -> SecretStr:
    """The key that signs session tokens: the setting, else the one in data_dir/token.secret, which is made
    if missing.
    """
    if settings.token_secret is not None:
        return settings.token_secret
    path = settings.data_dir / "token.secret"
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        # Written aside and linked into place: two processes that start at once both read the same whole key.
        draft = settings.data_dir / f"token.secret.{secrets.token_hex(8)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    key = path.read_text(encoding="ascii").strip()
    if len(key) < 32:
        raise InvalidSetting(
            f"{path} should hold a key of at least 32 characters; it has {len(key)}. "
            "Delete it to get a new one."
        )
    return SecretStr(key)


def without_password(url: str) -> str:
    """The database URL with its password, if it has one, as ***."""
    return re.sub(r"(://[^:/@]*):.*@", r"\1:***@", url)


def _check_known(variable: str, known: set[str]) -> None:
    if variable.upper() in known:
        return
    near = difflib.get_close_matches(variable.upper(), sorted(known), n=1, cutoff=0.0)
    raise UnknownSetting(f"{variable} is not a setting. The nearest one is {near[0]}.")


def _problems(error: ValidationError) -> list[str]:
    sentences = []
    for problem in error.errors(include_url=False):
        field = str(problem["loc"][0]) if problem["loc"] else ""
        allowed = problem["msg"].removeprefix("Value error, ").removeprefix("Input ")
        sentences.append(f"{PREFIX}{field.upper()} {allowed}; came {_shown(field, problem['input'])}.")
    return sentences


def _shown(field: str, value: object) -> str:
    if field.endswith(("secret", "_key")):
        return f"{len(str(value))} characters (not shown)"
    if field == "database_url":
        return repr(without_password(str(value)))
    return repr(value)
