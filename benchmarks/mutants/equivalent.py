"""Survivors that are the same program, each with its reason, by the line as it was and as it becomes."""

EQUIVALENT: dict[str, str] = {}
