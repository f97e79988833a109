# What can be done here: `make help`.

PYTHON ?= python3
BIN    := .venv/bin
READY  := .venv/.ready
UNIT   := tests/compiler tests/protocol tests/docs tests/support tests/runner/test_judge.py tests/test_layout.py

.PHONY: help setup demo static pyright lint check test mutants fuzz golden bench cluster cluster-build cluster-demo images clean
.DEFAULT_GOAL := help

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 24

setup: $(READY)  ## the environment in .venv, exactly as locked

demo: $(READY)  ## the whole way on real data: compile, run, see what is wrong with it
	@$(BIN)/python examples/demo.py

check: static  ## format, lint, types, imports and the unit tests: before every commit
	$(BIN)/pytest -q -n auto -m "not slow" $(UNIT)

test: static  ## everything in check, and every test; tells what could not run here
	$(BIN)/python -m tools.cluster build --if-possible
	$(BIN)/pytest -n auto --dist loadgroup

mutants: $(READY)  ## hubs with a fault built in: the model must find each
	$(BIN)/python -m tests.hub.mutants

fuzz: $(READY)  ## mutated contracts and random ones at length, new each time (half an hour and more)
	ASSAY_SEARCH=full $(BIN)/pytest -q -n auto --timeout 0 tests/compiler/test_mutations.py tests/properties

golden: $(READY)  ## writes the expected files anew; review them with git diff
	@if [ -n "$$CI" ]; then echo "make golden is refused in CI: expected files are written and reviewed by people"; exit 1; fi
	$(BIN)/python -m tools.golden

bench: $(READY)  ## measures what is fast, side by side with what people use today
	$(BIN)/python bench/startup.py
	$(BIN)/python bench/compile.py
	$(BIN)/python bench/verify.py

cluster: $(READY)  ## a real Kubernetes on this machine, until Ctrl-C (needs root)
	$(BIN)/python -m tools.cluster up

cluster-build: $(READY)  ## builds the Kubernetes of the tests and of `make cluster`, once (6 to 15 minutes)
	$(BIN)/python -m tools.cluster build

images: $(READY)  ## the images of runner and agent as OCI archives in dist/, without a container builder
	@$(BIN)/python -m tools.cluster images

cluster-demo: $(READY)  ## hub, agent, pods and PostgreSQL: one contract's whole way, and what left the network (needs root)
	@$(BIN)/python -m tools.flow.demo

clean:  ## removes the environment, caches and what was built
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis dist build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# pyright takes as long as everything else together, and one core
static: $(READY)
	@$(MAKE) --no-print-directory -j 2 pyright lint

pyright: $(READY)
	$(BIN)/pyright --pythonpath $(BIN)/python

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/mypy

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Assay needs Python 3.11 or newer; $(PYTHON) is %d.%d. Name another with: make PYTHON=python3.12 ..." % sys.version_info[:2])'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(READY)
