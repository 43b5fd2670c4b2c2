# Every target sets up what it needs in .venv: with uv where it is installed, with venv and pip where it is not.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOG := $(VENV)/install.log
REAL := $(wildcard ../shared/real)

.PHONY: demo test check audit bench help clean
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(firstword $(MAKEFILE_LIST)) | sed -E 's/:.*## /\t/' | expand -t 10

demo: $(VENV)/.base ## show what is wrong in the bundled sample shop
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/supportkit demo

test: $(VENV)/.dev ## run the tests
	@$(if $(REAL),SUPPORTKIT_REAL=$(abspath $(REAL)) )$(BIN)/python -m pytest -q -n auto

check: $(VENV)/.dev ## lint, format, types, import layers, the store's seam, licences
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	for system in win32 darwin; do $(BIN)/mypy --platform $$system --cache-dir .mypy_cache/$$system --no-warn-unreachable src || exit; done
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
	@$(call install,.,--no-compile)
	@touch $@

$(VENV)/.dev: pyproject.toml
	@$(call install,.[dev],--compile)
	@$(BIN)/python -m compileall -q src
	@touch $@ $(VENV)/.base

# $(1): what to install, $(2): whether all of it is compiled to bytecode now, or each file when it is first used.
define install
	set -e; \
	echo "setting up $(VENV), which takes a minute; what is installed: $(LOG)" >&2; \
	if command -v uv >/dev/null 2>&1; then \
	  uv venv --quiet --allow-existing --python '>=3.11' $(VENV); \
	  set -- uv pip install $(if $(filter --compile,$(2)),--compile-bytecode) --python $(BIN)/python; \
	else \
	  $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "supportkit needs Python 3.11 or newer: make PYTHON=python3.12 …")'; \
	  if $(PYTHON) -m venv --without-pip $(VENV) && $(PYTHON) -m pip --python $(BIN)/python --version >/dev/null 2>&1; then \
	    set -- $(PYTHON) -m pip --python $(BIN)/python install --disable-pip-version-check $(2) pip; \
	  else \
	    $(PYTHON) -m venv $(VENV); \
	    set -- $(BIN)/python -m pip install --disable-pip-version-check $(2); \
	  fi; \
	fi; \
	"$$@" --editable '$(1)' >$(LOG) 2>&1 || { cat $(LOG) >&2; exit 1; }
endef
