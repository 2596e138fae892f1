"""A whole shop for the full tests: real processes, real models, a real database, on free ports."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import jwt

PROJECT = Path(__file__).parent.parent
CUSTOMER_SECRET = "the-shops-own-secret-for-customer-tokens"
START_SECONDS = 600


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Reply:
    """What one message was answered with."""

    messages: list[dict[str, Any]]

    @property
    def text(self) -> str:
        return "\n".join(str(message.get("text", "")) for message in self.messages)

    @property
    def cards(self) -> list[dict[str, Any]]:
        return [card for message in self.messages for card in message.get("cards", [])]


class Chat:
    """One shopper's conversation over plain HTTP."""

    def __init__(self, address: str, customer_id: str | None = None) -> None:
        self._address = address
        body = {} if customer_id is None else {"customer_token": customer_token(customer_id)}
        self.token = str(call(f"{address}/api/chat/sessions", body)["token"])

    def say(self, text: str, message_id: str | None = None) -> Reply:
        body = {"id": message_id if message_id is not None else str(uuid.uuid4()), "text": text}
        return Reply(call(f"{self._address}/api/chat/messages", body, self.token)["messages"])

    def say_on_page(self, text: str, sku: str) -> Reply:
        body = {"id": str(uuid.uuid4()), "text": text, "product": sku}
        return Reply(call(f"{self._address}/api/chat/messages", body, self.token)["messages"])

    def history(self) -> list[dict[str, Any]]:
        return list(call(f"{self._address}/api/chat/messages", None, self.token)["turns"])


def customer_token(customer_id: str, hours: float = 1) -> str:
    """What the shop's own site would sign."""
    claims = {"sub": customer_id, "aud": "storekeep", "exp": datetime.now(UTC) + timedelta(hours=hours)}
    return jwt.encode(claims, CUSTOMER_SECRET, "HS256")


class Refused(Exception):
    """The gateway answered with an error status."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status = status


def call(url: str, body: object | None, token: str | None = None) -> dict[str, Any]:
    """GET without a body, POST with one. Raises Refused for what is not 2xx."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    data = None if body is None else json.dumps(body).encode()
    try:
        with urlopen(Request(url, data, headers), timeout=30) as response:
            content: dict[str, Any] = json.loads(response.read())
            return content
    except HTTPError as error:
        error.close()
        raise Refused(error.code) from None


class RunningShop:
    """``storekeep up`` in a folder of its own; ``stop`` ends it and gives its exit code."""

    def __init__(self, data_dir: Path) -> None:
        self.ports = {name: free_port() for name in ("WEB", "RASA", "ACTIONS")}
        self.address = f"http://127.0.0.1:{self.ports['WEB']}"
        self.data_dir = data_dir
        data_dir.mkdir(parents=True, exist_ok=True)
        self.log = data_dir / "up.log"
        environment = {
            **{
                name: value
                for name, value in os.environ.items()
                if not name.startswith("STOREKEEP_") or name == "STOREKEEP_WRITER_MODEL"
            },
            **{f"STOREKEEP_{name}_PORT": str(port) for name, port in self.ports.items()},
            "STOREKEEP_DATA_DIR": str(data_dir),
            "STOREKEEP_DEMO": "true",
            "STOREKEEP_CUSTOMER_TOKEN_SECRET": CUSTOMER_SECRET,
            "STOREKEEP_ACTIONS_SECRET": "between-rasa-and-the-actions",
            "STOREKEEP_SESSION_BURST": "1000",
            "STOREKEEP_MESSAGE_BURST": "1000",
        }
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot.cli", "up"],
                cwd=PROJECT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )

    def wait_until_ready(self) -> float:
        """Seconds until every part is ready. Raises RuntimeError with the log's end if that fails."""
        started = time.monotonic()
        while time.monotonic() - started < START_SECONDS and self._process.poll() is None:
            try:
                call(f"{self.address}/health", None)
                return time.monotonic() - started
            except (URLError, Refused, TimeoutError, ConnectionError):
                time.sleep(0.3)
        raise RuntimeError(f"the shop did not come up; its log ends:\n{self.log_end()}")

    def log_end(self) -> str:
        return self.log.read_text(errors="replace")[-4000:]

    def pid_of(self, program: str) -> int:
        """The process that ``storekeep up`` started for web, rasa or actions. Raises LookupError."""
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                command = (entry / "cmdline").read_text().split("\0")
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue
            is_it = (
                any(part.endswith("/rasa") for part in command) if program == "rasa" else program in command
            )
            if parent == self._process.pid and is_it:
                return int(entry.name)
        raise LookupError(f"{program} is not running under {self._process.pid}")

    def kill(self, program: str) -> None:
        """As a crash would end it."""
        os.kill(self.pid_of(program), signal.SIGKILL)

    def stop(self) -> int:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        return self._process.wait(timeout=40)
