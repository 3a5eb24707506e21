"""Drawn portraits with known attributes: a data set of faces without a file, a download or anyone's picture."""
