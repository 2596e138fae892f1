"""The same as the ``storekeep`` command, for ``python -m bot.cli``."""

from bot.cli.storekeep import main

main()
