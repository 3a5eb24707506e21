"""The parts of benchmarks/on_gpu.sh: what is there, checks, speed and memory, and the page that they end up in."""
