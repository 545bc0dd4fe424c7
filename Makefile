# Everything a fresh machine needs is Python 3.11+, git and make; each target sets up what it uses.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
PHOENIX := .venv-phoenix

.PHONY: install demo test check e2e conformance bench phoenix requirements clean

install: $(INSTALLED)

$(INSTALLED): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; say which with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# Installs Phoenix too, unless DEMO="--no-phoenix"; without it the demo says why, shows the rest and ends with 1.
demo: install
	@SIDECAR_PHOENIX=$(PHOENIX) $(BIN)/sidecar demo --install-phoenix $(DEMO)

test: install
	@$(BIN)/python -m pytest -q -m "not e2e" -n 2 --dist loadscope $(ARGS)

check: install
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/pyright --pythonpath $(BIN)/python

# Two beside each other, for most wait more than they compute; tests/scheduling.py says which never are.
e2e: install
	@$(BIN)/python -m pytest -q -m e2e -n 2 --dist loadscope --timeout 1500 $(ARGS)

# OTLP 1.9 row by row; part of e2e.
conformance: install
	@$(BIN)/python -m pytest -q -m e2e tests/conformance $(ARGS)

bench: phoenix
	@SIDECAR_PHOENIX=$(PHOENIX) $(BIN)/python -m tests.bench

# Phoenix pins an older anthropic than a judge may use, so it never shares an environment with the program.
phoenix: install
	@$(BIN)/sidecar phoenix install --environment $(PHOENIX)

# Pins name packages, versions and hashes, never an address.
requirements: install
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --extra postgres --group dev pyproject.toml -o requirements/dev.txt
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --extra postgres pyproject.toml -o requirements/run.txt
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --extra bedrock --extra vertex pyproject.toml -o requirements/clouds.txt
	@echo arize-phoenix | $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 - -o sidecar/phoenix/requirements.txt

clean:
	@rm -rf $(VENV) $(PHOENIX) .pytest_cache .ruff_cache .hypothesis
