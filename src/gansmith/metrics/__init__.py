"""Metrics: how good samples are, as numbers.

Every metric has two forms that give the same value. The plain function takes all features at once. The accumulator
takes them a minibatch at a time, with `update`, and `compute` returns the value so far; neither the size nor the order
of the minibatches matters, because sums are kept in double precision and what cannot be summed is kept whole.
"""
