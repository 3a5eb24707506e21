"""Training: the loop, and what a run writes down."""
