"""Survivors that are the same program, each with its reason, by the line as it was and as it becomes."""

_REASONS = [
    (
        'channels = width * 2 ** (halvings(shape[-1], "dcgan") - 1)',
        'channels = width * 2 ** (halvings(shape[(1)], "dcgan") - 1)',
        "images are square",
    ),
]
EQUIVALENT = {f"{before} → {after}": reason for before, after, reason in _REASONS}
