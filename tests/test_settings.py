"""Does every setting say where it stands, and every wrong one what is wrong with it?"""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from bot.settings import InvalidSetting, Settings, UnknownSetting, kept_token_secret, load_settings


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"STOREKEEP_{name.upper()}", raising=False)


def test_the_database_lies_in_the_data_directory_unless_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOREKEEP_DATA_DIR", "/srv/shop")
    assert load_settings().database_url == "sqlite:////srv/shop/storekeep.db"
    monkeypatch.setenv("STOREKEEP_DATABASE_URL", "postgresql+psycopg://shop@db/shop")
    assert load_settings().database_url == "postgresql+psycopg://shop@db/shop"
    assert Settings(data_dir=Path("here")).database_url == "postgresql+psycopg://shop@db/shop"


def test_without_any_variable_the_defaults_hold() -> None:
    settings = load_settings()
    assert (settings.database_url, settings.web_port) == ("sqlite:///.storekeep/storekeep.db", 8000)


def test_the_public_address_is_the_web_process_unless_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().public_url == "http://127.0.0.1:8000"
    monkeypatch.setenv("STOREKEEP_WEB_HOST", "::1")
    monkeypatch.setenv("STOREKEEP_WEB_PORT", "9000")
    assert load_settings().public_url == "http://[::1]:9000"
    monkeypatch.setenv("STOREKEEP_PUBLIC_URL", "https://shop.example")
    assert load_settings().public_url == "https://shop.example"


def test_an_unknown_variable_is_an_error_that_names_the_nearest_setting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("STOREKEEP_WEBPORT", "80")
    with pytest.raises(UnknownSetting) as error:
        load_settings()
    assert str(error.value) == "STOREKEEP_WEBPORT is not a setting. The nearest one is STOREKEEP_WEB_PORT."


def test_the_tests_own_variables_are_not_settings_and_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOREKEEP_TEST_ANYTHING", "1")
    assert load_settings() == Settings()


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("WEB_PORT", "70000", "STOREKEEP_WEB_PORT should be less than or equal to 65535; came '70000'."),
        (
            "DATABASE_URL",
            "mysql://shop:hunter2@db/shop",
            "STOREKEEP_DATABASE_URL should begin with sqlite:/// or postgresql+psycopg://; "
            "came 'mysql://shop:***@db/shop'.",
        ),
        *(
            (
                "PUBLIC_URL",
                url,
                "STOREKEEP_PUBLIC_URL should be an origin like https://shop.example, without a path; "
                f"came '{url}'.",
            )
            for url in ("https://shop.example/", "shop.example", "ftp://shop.example", "https://a@b", "")
        ),
        (
            "WIDGET_ORIGINS",
            "https://shop.example/cart",
            "STOREKEEP_WIDGET_ORIGINS should be origins like https://shop.example, separated by commas; "
            "came 'https://shop.example/cart'.",
        ),
    ],
)
def test_a_wrong_value_is_told_with_what_was_allowed_and_what_came(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(f"STOREKEEP_{name}", value)
    with pytest.raises(InvalidSetting) as error:
        load_settings()
    assert str(error.value) == sentence


def test_a_secret_that_is_too_short_is_refused_without_showing_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOREKEEP_TOKEN_SECRET", "hunter2")
    with pytest.raises(InvalidSetting) as error:
        load_settings()
    assert "STOREKEEP_TOKEN_SECRET" in str(error.value)
    assert "7 characters (not shown)" in str(error.value)
    assert "hunter2" not in str(error.value)


def test_no_way_to_print_the_settings_shows_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOREKEEP_DATABASE_URL", "postgresql+psycopg://shop:xyzzy@db/shop")
    for name in ("TOKEN_SECRET", "CUSTOMER_TOKEN_SECRET", "ACTIONS_SECRET", "METRICS_KEY"):
        monkeypatch.setenv(f"STOREKEEP_{name}", "xyzzy" * 8)
    settings = load_settings()
    shown = f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"
    assert "xyzzy" not in shown
    assert settings.model_dump()["database_url"] == "postgresql+psycopg://shop:***@db/shop"


def test_widget_origins_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STOREKEEP_WIDGET_ORIGINS", "https://a.example, http://localhost:3000")
    assert load_settings().widget_origins == ["https://a.example", "http://localhost:3000"]


def test_the_session_key_is_made_once_and_is_for_the_owner_only(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    first = kept_token_secret(settings).get_secret_value()
    assert kept_token_secret(settings).get_secret_value() == first
    assert len(first) >= 32
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["token.secret"]
    assert stat.S_IMODE((tmp_path / "data" / "token.secret").stat().st_mode) == 0o600


def test_a_broken_session_key_is_an_error_and_not_a_weak_key(tmp_path: Path) -> None:
    (tmp_path / "token.secret").write_text("short")
    with pytest.raises(InvalidSetting, match=r"at least 32 characters; it has 5"):
        kept_token_secret(Settings(data_dir=tmp_path))
