"""Survivors that are the same program, each with its reason, by the line as it was and as it becomes."""

_REASONS: list[tuple[str, str, str]] = []
EQUIVALENT = {f"{before} → {after}": reason for before, after, reason in _REASONS}
