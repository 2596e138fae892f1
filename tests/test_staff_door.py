"""Do only the shop's own people come in under /agent, and each link only once?"""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import jwt
import pytest
from agent_fakes import KEY, Agent, running_agent
from click.testing import CliRunner
from running_gateway import CUSTOMER_SECRET, NOON, Clock
from sqlalchemy import func, select

from bot.cli.storekeep import main
from bot.database.connection import Database
from bot.database.tables import UsedLinkRow
from bot.promotions.unsubscribe import UNSUBSCRIBE_AUDIENCE
from bot.settings import Settings
from bot.signed_tokens import SignedTokens
from bot.staff.sign_in_links import LINK_AUDIENCE, SignInLinks, UnusableLink, UnusableName, link_token
from bot.staff.staff_sessions import STAFF_AUDIENCE, StaffSessions
from bot.web.agent.staff_door import COOKIE
from bot.web.errors import RefusedRequest
from bot.web.tokens import CustomerTokens, SessionTokens

HOUR = timedelta(hours=1)


@pytest.fixture
async def agent(tmp_path: Path) -> AsyncIterator[Agent]:
    async with running_agent(tmp_path, customer_token_secret=KEY) as agent:
        yield agent


def test_a_link_brings_its_person_in_once_whoever_it_comes_to(database: Database) -> None:
    token = link_token(KEY, " Ida ", NOON)
    one, other = (SignInLinks(KEY, database, Clock()) for _ in range(2))
    assert one.use(token) == "Ida"
    for links in (one, other):
        with pytest.raises(UnusableLink, match="used already"):
            links.use(token)


def test_of_many_who_use_a_link_at_once_one_comes_in(database: Database) -> None:
    token, outcomes = link_token(KEY, "Ida", NOON), list[str]()

    def use() -> None:
        try:
            outcomes.append(SignInLinks(KEY, database, Clock()).use(token))
        except UnusableLink:
            outcomes.append("refused")

    threads = [threading.Thread(target=use) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["Ida", *["refused"] * 5]


def test_a_link_is_over_after_a_quarter_of_an_hour_and_then_forgotten(database: Database) -> None:
    clock = Clock()
    links = SignInLinks(KEY, database, clock)
    early, late = link_token(KEY, "Ida", NOON), link_token(KEY, "Ben", NOON)
    clock.time = NOON + timedelta(minutes=14, seconds=59)
    assert links.use(early) == "Ida"
    clock.time = NOON + timedelta(minutes=15)
    with pytest.raises(UnusableLink, match="15 minutes"):
        links.use(late)
    clock.time = NOON + HOUR
    links.use(link_token(KEY, "Ben", clock.time))
    with database.reading() as session:
        assert session.scalar(select(func.count(UsedLinkRow.nonce))) == 1


@pytest.mark.parametrize(
    "token",
    [
        "",
        "nonsense",
        link_token("another key" * 4, "Ida", NOON),
        SignedTokens(KEY, STAFF_AUDIENCE).sign({"sub": "Ida", "jti": "x", "exp": NOON + HOUR}),
        SignedTokens(KEY, UNSUBSCRIBE_AUDIENCE).sign({"sub": "Ida", "jti": "x", "exp": NOON + HOUR}),
        SignedTokens(KEY, LINK_AUDIENCE).sign({"sub": "Ida", "exp": NOON + HOUR}),
        SignedTokens(KEY, LINK_AUDIENCE).sign({"sub": "Ida", "jti": "x"}),
        CustomerTokens(KEY, Clock()).sign("C00017", HOUR),
        SessionTokens(KEY, HOUR, Clock()).issue("conversation"),
    ],
)
def test_no_other_token_is_a_link(tmp_path: Path, token: str) -> None:
    database = Database(f"sqlite:///{tmp_path}/storekeep.db")
    database.upgrade()
    with pytest.raises(UnusableLink, match="not ours"):
        SignInLinks(KEY, database, Clock()).use(token)
    database.close()


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "a\nb", "a\u202eb"])
def test_a_name_is_short_and_printable(name: str) -> None:
    with pytest.raises(UnusableName, match="1 to 40 printable characters; came"):
        link_token(KEY, name, NOON)


def test_a_session_lasts_12_hours() -> None:
    clock = Clock()
    sessions = StaffSessions(KEY, clock)
    token = sessions.issue("Ida")
    clock.time += timedelta(hours=11, minutes=59)
    assert sessions.name_of(token) == "Ida"
    clock.time += timedelta(minutes=1)
    assert sessions.name_of(token) is None


def test_no_token_of_the_staff_is_a_shoppers_or_a_customers() -> None:
    for token in (link_token(KEY, "C00017", NOON), StaffSessions(KEY, Clock()).issue("C00017")):
        with pytest.raises(RefusedRequest, match="not ours"):
            SessionTokens(KEY, HOUR, Clock()).read(token)
        with pytest.raises(RefusedRequest, match="not signed by this shop"):
            CustomerTokens(KEY, Clock()).read(token)


async def test_without_a_sign_in_the_page_says_how_to_get_a_link(agent: Agent) -> None:
    html = await agent.page(status=401)
    assert "storekeep agent-link" in html
    assert (await agent.decide(1, "approved"))[0] == 401
    assert (await agent.post("promotions", json={}))[0] == 401


@pytest.mark.parametrize(
    "cookie",
    [
        "nonsense",
        link_token(KEY, "Ida", NOON),
        CustomerTokens(KEY, Clock()).sign("C00017", HOUR),
        SessionTokens(KEY, HOUR, Clock()).issue("conversation"),
        StaffSessions(CUSTOMER_SECRET, Clock()).issue("Ida"),
        jwt.encode({"sub": "Ida", "aud": STAFF_AUDIENCE, "exp": 4_000_000_000}, None, "none"),
    ],
)
async def test_no_other_token_is_a_session(agent: Agent, cookie: str) -> None:
    agent.gateway.client.session.cookie_jar.update_cookies({COOKIE: cookie})
    await agent.page(status=401)


async def test_a_person_comes_in_and_goes_out(agent: Agent) -> None:
    await agent.sign_in("Ida")
    assert "Signed in as <strong>Ida</strong>" in await agent.page()
    assert await agent.post("sign-out") == (204, None)
    await agent.page(status=401)


async def test_the_cookie_is_out_of_reach_for_scripts_other_sites_and_the_rest_of_the_shop(
    agent: Agent,
) -> None:
    async with agent.gateway.client.post(
        "/agent/api/sign-in", json={"token": agent.token()}, headers={"Origin": agent.origin}
    ) as response:
        cookie = response.cookies[COOKIE]
    kept = (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["max-age"], cookie["secure"])
    assert kept == (True, "Strict", "/agent", "43200", "")


async def test_behind_https_the_cookie_goes_by_https_only(tmp_path: Path) -> None:
    async with (
        running_agent(tmp_path, public_url="https://shop.example") as agent,
        agent.gateway.client.post(
            "/agent/api/sign-in",
            json={"token": agent.token()},
            headers={"Origin": "https://shop.example"},
        ) as response,
    ):
        assert (response.status, response.cookies[COOKIE]["secure"]) == (200, True)


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", ""])
async def test_no_page_of_another_site_signs_in_or_out_or_decides(agent: Agent, origin: str) -> None:
    status, body = await agent.post("sign-in", origin, json={"token": agent.token()})
    assert (status, body["error"]["code"]) == (403, "origin_not_allowed")
    await agent.sign_in()
    for path in ("sign-out", "promotions", "promotions/1/decision"):
        assert (await agent.post(path, origin, json={}))[0] == 403
    await agent.page()


async def test_a_link_that_is_not_usable_is_told(agent: Agent) -> None:
    token = agent.token()
    assert (await agent.post("sign-in", json={"token": token}))[0] == 200
    status, body = await agent.post("sign-in", json={"token": token})
    assert (status, body["error"]["code"]) == (401, "unusable_link")
    assert (await agent.post("sign-in", json={"token": 5}))[0] == 422
    assert (await agent.post("sign-in", data="token=x"))[0] == 415


async def test_who_guesses_has_to_wait(agent: Agent) -> None:
    statuses = [(await agent.post("sign-in", json={"token": "x"}))[0] for _ in range(11)]
    assert statuses == [*[401] * 10, 429]


def test_the_command_prints_a_link(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"STOREKEEP_{name.upper()}", raising=False)
    monkeypatch.setenv("STOREKEEP_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("STOREKEEP_TOKEN_SECRET", KEY)
    monkeypatch.setenv("STOREKEEP_PUBLIC_URL", "https://shop.example")
    result = CliRunner().invoke(main, ["agent-link", "--name", "Ida"])
    address, _, token = result.stdout.strip().partition("#")
    claims = jwt.decode(token, KEY, ["HS256"], audience=LINK_AUDIENCE)
    assert (result.exit_code, address, claims["sub"]) == (0, "https://shop.example/agent/sign-in", "Ida")
    wrong = CliRunner().invoke(main, ["agent-link", "--name", "x" * 41])
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert "1 to 40 printable characters" in wrong.stderr
