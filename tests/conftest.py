"""Tests run one thread each: several may run side by side, and threads that fight for cores are far slower."""

import os

import torch

os.environ.setdefault("OMP_NUM_THREADS", "1")  # for the processes that tests start
torch.set_num_threads(1)
