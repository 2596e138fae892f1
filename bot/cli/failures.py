"""How does a command say that something is wrong? One sentence on stderr; exit code 2 for bad input, 1 for
what failed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from bot.settings import InvalidSetting, Settings, UnknownSetting, load_settings


class BadInput(click.ClickException):
    """What was given cannot be used."""

    exit_code = 2


class Failed(click.ClickException):
    """What was given is fine, but the work could not be done."""

    exit_code = 1


@contextmanager
def told(
    bad_input: tuple[type[Exception], ...] = (), failed: tuple[type[Exception], ...] = ()
) -> Iterator[None]:
    """Turns these errors into their sentence and exit code; a full disk and the like always counts as
    failed."""
    try:
        yield
    except failed as error:
        raise Failed(str(error)) from error
    except bad_input as error:
        raise BadInput(str(error)) from error
    except OSError as error:
        raise Failed(f"{error.strerror or error}: {error.filename or ''}".rstrip(": ")) from error


def settings_or_exit() -> Settings:
    """The settings, or exit code 2 with the sentence that names the variable."""
    with told(bad_input=(UnknownSetting, InvalidSetting)):
        return load_settings()
