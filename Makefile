# `make demo`, `make studio` and `make test` set up what they need on a fresh machine.

PYTHON ?= python3
BIN := .venv/bin
# torch 2.13.0 is what the range resolves to; the wheel without CUDA is the one to have where there is no GPU.
READY := .venv/ready

.PHONY: demo studio docs tests test test-all mutants lint format clean

$(READY): pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "torch>=2.11,<2.14"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev,studio,docs]"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps "torch-fidelity>=0.4"  # to agree with
	touch $(READY)

demo: $(READY)  ## train on the embedded handwritten digits and show what came of it
	$(BIN)/python examples/demo.py

studio: $(READY)  ## play with GANs in the browser
	$(BIN)/gansmith studio

docs: $(READY)  ## the pages of docs/, a page a recipe and the reference, as a site that opens from disk
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict
	@echo "open build/site/index.html"

lint: $(READY)  ## style, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

tests: $(READY)
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not slow" --junitxml build/tests.xml

test: $(READY)  ## lint, beside it every test but the slow ones, every example in a docstring, and the site of docs
	$(MAKE) --jobs 2 lint tests  # types are checked by one process for as long as a minute

test-all: test  ## the slow ones too, and the notebooks
	$(BIN)/python -m pytest -n auto --dist worksteal -m slow --junitxml build/slow.xml

mutants: $(READY)  ## wrong code, put in on purpose: do the tests of its room notice?
	$(BIN)/python benchmarks/mutation.py --edits
	$(BIN)/python benchmarks/mutation.py

clean:
	rm -rf .venv runs build dist src/*.egg-info .mypy_cache .ruff_cache .pytest_cache
