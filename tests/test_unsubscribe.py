"""Does the link in a message end the messages, for its customer and channel, and only when that is meant?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from agent_fakes import KEY
from pydantic import SecretStr
from running_gateway import ANNA, NOON, Clock, Gateway, running_gateway

from bot.promotions.frequency import UnknownChannel
from bot.promotions.marketing_consent import MarketingConsents
from bot.promotions.unsubscribe import (
    UNSUBSCRIBE_AUDIENCE,
    Unsubscribing,
    unsubscribe_url,
    unsubscribing_of,
)
from bot.settings import Settings
from bot.signed_tokens import SignedTokens
from bot.staff.sign_in_links import link_token
from bot.staff.staff_sessions import StaffSessions
from bot.web.tokens import CustomerTokens, SessionTokens
from bot.web.unsubscribe_page import veiled

HOUR = timedelta(hours=1)
CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, token_secret=SecretStr(KEY), public_url="https://shop.example")


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[Gateway]:
    async with running_gateway(tmp_path, token_secret=KEY, customer_token_secret=KEY) as gateway:
        yield gateway


@pytest.fixture
def consents(gateway: Gateway) -> MarketingConsents:
    consents = MarketingConsents(gateway.shop.database, gateway.clock)
    for channel in ("email", "sms"):
        consents.decide(ANNA.id, channel, True, "test")
    return consents


def path_for(settings: Settings, channel: str = "email", customer_id: str = ANNA.id) -> str:
    return unsubscribe_url(settings, customer_id, channel).removeprefix("https://shop.example")


async def get(gateway: Gateway, path: str) -> tuple[int, str]:
    async with gateway.client.get(path) as response:
        return response.status, await response.text()


async def post(gateway: Gateway, path: str, form: dict[str, str]) -> tuple[int, str]:
    async with gateway.client.post(path, data=form) as response:
        return response.status, await response.text()


def test_a_link_says_who_and_on_which_channel_for_ever(settings: Settings) -> None:
    url = urlsplit(unsubscribe_url(settings, "C00017", "sms"))
    [token] = parse_qs(url.query)["token"]
    assert (url.scheme, url.netloc, url.path) == ("https", "shop.example", "/unsubscribe")
    assert unsubscribing_of(settings, token) == Unsubscribing("C00017", "sms")
    assert "exp" not in jwt.decode(token, options={"verify_signature": False})
    assert unsubscribe_url(settings, "C00017", "sms").endswith(token)


def test_in_the_chat_there_is_nothing_to_unsubscribe_from(settings: Settings) -> None:
    with pytest.raises(UnknownChannel):
        unsubscribe_url(settings, "C00017", "chat")


@pytest.mark.parametrize(
    "token",
    [
        "",
        "nonsense",
        SignedTokens("another key" * 4, UNSUBSCRIBE_AUDIENCE).sign({"sub": ANNA.id, "channel": "email"}),
        SignedTokens(KEY, UNSUBSCRIBE_AUDIENCE).sign({"sub": ANNA.id, "channel": "chat"}),
        SignedTokens(KEY, UNSUBSCRIBE_AUDIENCE).sign({"sub": ANNA.id}),
        CustomerTokens(KEY, Clock()).sign(ANNA.id, HOUR),
        SessionTokens(KEY, HOUR, Clock()).issue(ANNA.id),
        StaffSessions(KEY, Clock()).issue(ANNA.id),
        link_token(KEY, ANNA.id, NOON),
    ],
)
async def test_a_bad_link_says_so_and_how_to_reach_the_shop(
    gateway: Gateway, consents: MarketingConsents, token: str
) -> None:
    for status, html in (
        await get(gateway, f"/unsubscribe?token={token}"),
        await post(gateway, f"/unsubscribe?token={token}", CLICK),
    ):
        assert status == 400
        assert "This link does not work" in html
        assert "mailto:" in html
    assert consents.may_send(ANNA.id, "email")
    assert (await get(gateway, "/unsubscribe"))[0] == 400


async def test_opening_the_link_asks_and_changes_nothing(
    gateway: Gateway, consents: MarketingConsents, settings: Settings
) -> None:
    status, html = await get(gateway, path_for(settings))
    assert status == 200
    assert "No more e-mails about offers from Larkfield Supply to a***@example.com?" in html
    async with gateway.client.head(path_for(settings)) as response:
        assert response.status == 200
    assert consents.may_send(ANNA.id, "email")
    assert ANNA.email not in html
    assert "<script" not in html


async def test_the_button_ends_the_messages_of_the_channel_and_of_no_other(
    gateway: Gateway, consents: MarketingConsents, settings: Settings
) -> None:
    status, html = await post(gateway, path_for(settings), {"unsubscribe": "yes"})
    assert status == 200
    assert "You get no more e-mails about offers from Larkfield Supply." in html
    assert not consents.may_send(ANNA.id, "email")
    assert consents.may_send(ANNA.id, "sms")
    last = consents.decisions(ANNA.id, "email")[-1]
    wording = "No more e-mails about offers from Larkfield Supply to a***@example.com?"
    assert (last.source, last.wording) == ("link", wording)


async def test_a_mail_programs_one_click_ends_them_too_and_again_changes_nothing(
    gateway: Gateway, consents: MarketingConsents, settings: Settings
) -> None:
    for _ in range(2):
        assert (await post(gateway, path_for(settings), CLICK))[0] == 200
    decisions = consents.decisions(ANNA.id, "email")
    assert [one.is_given for one in decisions] == [True, False]
    assert decisions[-1].wording == "List-Unsubscribe=One-Click"


async def test_one_click_works_as_multipart_too(
    gateway: Gateway, consents: MarketingConsents, settings: Settings
) -> None:
    boundary = b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    async with gateway.client.post(path_for(settings), data=boundary, headers=headers) as response:
        assert response.status == 200
    assert not consents.may_send(ANNA.id, "email")


@pytest.mark.parametrize("form", [{}, {"unsubscribe": "no"}, {"List-Unsubscribe": "Two-Clicks"}])
async def test_a_request_that_does_not_say_what_it_means_changes_nothing(
    gateway: Gateway, consents: MarketingConsents, settings: Settings, form: dict[str, str]
) -> None:
    assert (await post(gateway, path_for(settings), form))[0] == 400
    assert consents.may_send(ANNA.id, "email")


async def test_who_never_decided_can_say_no_and_who_is_gone_is_told_the_same(
    gateway: Gateway, settings: Settings
) -> None:
    consents = MarketingConsents(gateway.shop.database, gateway.clock)
    assert (await post(gateway, path_for(settings, "push"), CLICK))[0] == 200
    assert [one.is_given for one in consents.decisions(ANNA.id, "push")] == [False]
    gone = path_for(settings, "email", "C99999")
    assert "No more e-mails about offers from Larkfield Supply?" in (await get(gateway, gone))[1]
    assert (await post(gateway, gone, CLICK))[0] == 200


async def test_the_address_of_the_page_goes_nowhere(gateway: Gateway, settings: Settings) -> None:
    async with gateway.client.get(path_for(settings)) as response:
        kept = (response.headers["Referrer-Policy"], response.headers["Cache-Control"])
    assert kept == ("no-referrer", "no-store")


@pytest.mark.parametrize(
    ("email", "shown"), [("anna@mail.example", "a***@mail.example"), ("@x", "***@x"), ("x", "***@x")]
)
def test_an_address_is_veiled(email: str, shown: str) -> None:
    assert veiled(email) == shown
