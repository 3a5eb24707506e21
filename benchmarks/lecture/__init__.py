"""What a lecture says happens in training, measured: the parts of benchmarks/lectures.py."""
