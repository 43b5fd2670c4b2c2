# Every target sets up what it needs in .venv: with uv where it is installed, with venv and pip where it is not.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
REAL := $(wildcard ../shared/real)

.PHONY: demo test check audit bench help clean
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(firstword $(MAKEFILE_LIST)) | sed -E 's/:.*## /\t/' | expand -t 10

demo: $(VENV)/.base ## load the bundled samples and print the weekly report
	@$(BIN)/supportkit demo

test: $(VENV)/.dev ## run the tests
	@$(if $(REAL),SUPPORTKIT_REAL=$(abspath $(REAL)) )$(BIN)/python -m pytest -q -n auto

check: $(VENV)/.dev ## lint, format, types, import layers, the store's seam, licences
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/test_layers.py tests/test_store_seam.py
	$(BIN)/python -m supply.licences

audit: $(VENV)/.dev ## ask the package index for known holes in what is installed, and for its age
	@$(BIN)/python -m supply.audit

bench: $(VENV)/.dev ## print the benchmarks' ratios
	@$(BIN)/python -m benchmarks

clean: ## remove what the targets made
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis dist build

$(VENV)/.base: pyproject.toml
	@$(call install,.)
	@touch $@

$(VENV)/.dev: pyproject.toml
	@$(call install,.[dev])
	@touch $@ $(VENV)/.base

define install
	set -e; \
	if command -v uv >/dev/null 2>&1; then \
	  uv venv --quiet --allow-existing --python '>=3.11' $(VENV); \
	  uv pip install --quiet --compile-bytecode --python $(BIN)/python --editable '$(1)'; \
	else \
	  $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "supportkit needs Python 3.11 or newer: make PYTHON=python3.12 …")'; \
	  $(PYTHON) -m venv $(VENV); \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '$(1)'; \
	fi; \
	$(BIN)/python -m compileall -q src
endef
