"""Which tokens open which conversation?"""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest

from bot.settings import Settings
from bot.web.errors import RefusedRequest
from bot.web.tokens import CustomerTokens, Session, SessionTokens, customer_key

KEY = "k" * 32
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        return self.time


def session_tokens(clock: Clock | None = None) -> SessionTokens:
    return SessionTokens(KEY, timedelta(hours=72), clock or Clock())


def code_of(refused: pytest.ExceptionInfo[RefusedRequest]) -> tuple[int, str]:
    return refused.value.status, refused.value.code


def test_a_session_token_gives_back_its_conversation() -> None:
    tokens = session_tokens()
    assert tokens.read(tokens.issue("abc")) == Session("abc", NOON + timedelta(hours=72))


def test_a_session_token_says_who_made_it_for_whom_and_until_when() -> None:
    claims = jwt.decode(session_tokens().issue("abc"), options={"verify_signature": False})
    noon = int(NOON.timestamp())
    assert claims == {
        "iss": "storekeep",
        "aud": "storekeep-chat",
        "sub": "abc",
        "iat": noon,
        "exp": noon + 72 * 3600,
    }


def test_a_session_ends_at_its_time() -> None:
    clock = Clock()
    tokens = session_tokens(clock)
    token = tokens.issue("abc")
    clock.time += timedelta(hours=72)
    with pytest.raises(RefusedRequest) as refused:
        tokens.read(token)
    assert code_of(refused) == (401, "token_expired")


def forged(header: dict[str, Any], claims: dict[str, Any], signature: str = "") -> str:
    parts = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (header, claims)
    )
    return ".".join((*parts, signature))


def claims(**changed: Any) -> dict[str, Any]:
    later = int((NOON + timedelta(hours=1)).timestamp())
    whole = {"iss": "storekeep", "aud": "storekeep-chat", "sub": "abc", "exp": later}
    return {name: value for name, value in (whole | changed).items() if value is not None}


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "a.b.c",
        "ä" * 50,
        "x" * 5000,
        forged({"alg": "none", "typ": "JWT"}, claims()),
        forged({"alg": "None"}, claims()),
        forged({"alg": "HS256"}, claims(), "AAAA"),
        jwt.encode(claims(), "another key that is long enough..."),
        jwt.encode(claims(), KEY * 2, algorithm="HS512"),
        jwt.encode(claims(), KEY * 2, algorithm="HS384"),
        jwt.encode(claims(exp=None), KEY),
        jwt.encode(claims(sub=None), KEY),
        jwt.encode(claims(sub=""), KEY),
        jwt.encode(claims(aud=None), KEY),
        jwt.encode(claims(aud="storekeep"), KEY),
        jwt.encode(claims(iss="someone else"), KEY),
        jwt.encode(claims(exp=10**18), KEY),
        jwt.encode(claims(exp=-5), KEY),
    ],
)
def test_what_is_not_signed_by_us_for_this_is_refused(token: str) -> None:
    with pytest.raises(RefusedRequest) as refused:
        session_tokens().read(token)
    assert code_of(refused) == (401, "bad_token")


def test_a_customer_token_names_its_customer() -> None:
    tokens = CustomerTokens(KEY, Clock())
    assert tokens.read(tokens.sign("C00017", timedelta(minutes=10))) == "C00017"


def test_a_customer_token_without_an_issuer_but_with_more_claims_is_taken() -> None:
    token = jwt.encode(claims(aud="storekeep", iss="https://shop.example", name="Anna"), KEY)
    assert CustomerTokens(KEY, Clock()).read(token) == "abc"


def test_a_customer_token_over_its_time_is_refused() -> None:
    clock = Clock()
    tokens = CustomerTokens(KEY, clock)
    token = tokens.sign("C00017", timedelta(minutes=10))
    clock.time += timedelta(minutes=10)
    with pytest.raises(RefusedRequest) as refused:
        tokens.read(token)
    assert code_of(refused) == (401, "customer_token_expired")


@pytest.mark.parametrize(
    "token",
    [
        "",
        forged({"alg": "none"}, claims(aud="storekeep")),
        jwt.encode(claims(aud="storekeep"), KEY * 2, algorithm="HS512"),
        jwt.encode(claims(aud="storekeep", exp=None), KEY),
        jwt.encode(claims(aud="another shop"), KEY),
        session_tokens().issue("abc"),
    ],
)
def test_a_customer_token_of_another_kind_is_refused(token: str) -> None:
    with pytest.raises(RefusedRequest) as refused:
        CustomerTokens(KEY, Clock()).read(token)
    assert code_of(refused) == (401, "bad_customer_token")


def test_the_demo_shop_keeps_one_customer_key_that_is_not_the_session_key(tmp_path: Path) -> None:
    demo = Settings(data_dir=tmp_path, demo=True)
    key = customer_key(demo)
    assert key == customer_key(demo)
    assert key is not None
    assert key != (tmp_path / "token.secret").read_text().strip()


def test_a_shop_without_a_customer_secret_has_no_customer_key(tmp_path: Path) -> None:
    assert customer_key(Settings(data_dir=tmp_path)) is None
