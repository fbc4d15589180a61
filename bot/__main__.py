"""`python -m bot` is `buddy`."""

from bot.cli import main

main()
