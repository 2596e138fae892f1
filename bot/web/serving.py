"""How is the web process run until it is told to stop?"""

from __future__ import annotations

import asyncio
import errno
import logging
import signal

from aiohttp import web

LEFT_OVER_SECONDS = 2.0

logger = logging.getLogger(__name__)


class PortTaken(Exception):
    """Nothing of ours can listen at the address."""


async def serve(app: web.Application, host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM, then let turns in flight end. Raises PortTaken."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=LEFT_OVER_SECONDS)
    await runner.setup()
    try:
        await _listen(runner, host, port)
        logger.info("listening at http://%s:%d", host, port)
        await _told_to_stop()
        logger.info("stopping: finishing the turns in flight")
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, host: str, port: int) -> None:
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(
                f"Port {port} on {host} is taken: stop the program that has it, or set STOREKEEP_WEB_PORT."
            ) from None
        raise PortTaken(f"Nothing can listen at {host}:{port}: {error.strerror}.") from None


async def _told_to_stop() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()
