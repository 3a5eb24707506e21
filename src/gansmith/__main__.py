"""`python -m gansmith`."""

from gansmith.cli.main import entry

entry()
