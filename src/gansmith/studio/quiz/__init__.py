"""Which one is real? Pictures of a generator beside those of its data."""
