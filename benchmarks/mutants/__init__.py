"""Mutation testing: wrong code, put in on purpose, that the tests of its own room must notice."""
