"""Survivors that are the same program, each with its reason, by the line as it was and as it becomes."""

_REASONS: list[tuple[str, str, str]] = [
    (
        "self.mean = torch.zeros(0, dtype=torch.float64)",
        "self.mean = torch.ones(0, dtype=torch.float64)",
        "of no numbers zeros and ones are the same",
    ),
]
EQUIVALENT = {f"{before} → {after}": reason for before, after, reason in _REASONS}
