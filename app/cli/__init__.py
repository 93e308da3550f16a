"""The command line: each command parses, calls the library and renders.

Commands import what is heavy (torch, snorkel, cleanlab) when they run, so that `--help` and
`predict` start at once. The progress bars of Hugging Face's libraries are off: a stage has its own.
Threads that wait do not spin: where other programs run on the same cores, training took half the time.
numpy's matrices are small, and its threads do spin: on busy cores a logistic regression took fifty times
as long with two of them as with one.
"""

import os

os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
