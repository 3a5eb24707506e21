"""Records: what a run writes down, and how it is read again."""
