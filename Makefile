# One file, the same targets for people and for CI. `make help` lists them.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
LOCK   := requirements/dev.txt
# What the build hook makes the catalogues and the verifier page of.
MADE_OF := $(wildcard src/comity_node/locale/*/LC_MESSAGES/*.po) $(shell find verifier -type f) src/comity/channel/statements.py tools/build_verifier.py
# Programs that write a page of docs/ from its source; with --check they only compare.
PAGES  := $(sort $(wildcard tools/list_*.py tools/draw_*.py))

.DEFAULT_GOAL := help
.PHONY: help setup demo test arcs check bench faults soak docs lock clean

help: ## show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.ready ## build .venv with the locked dependencies and the comity command

$(VENV)/.ready: $(LOCK) pyproject.toml $(MADE_OF)
	@$(PYTHON) -c 'import sys; sys.exit("Comity needs Python 3.11 or newer: make PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(LOCK)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: setup ## run two nodes with seeded cases on this machine
	$(BIN)/comity demo

test: setup ## run every test (COMITY_TESTS=thorough searches longer)
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

arcs: setup ## play what takes minutes: whole arcs of two, three and five nodes, with their liars and losses
	COMITY_TESTS=long $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder -m lengthy

check: setup ## lint, format, types, import contracts, migrations, deployment, generated pages
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	DJANGO_SETTINGS_MODULE=comity_node.settings.test $(BIN)/python -m django makemigrations --check --dry-run
	$(BIN)/python tools/check_deployment.py
	@for page in $(PAGES); do echo "$$page --check"; $(BIN)/python $$page --check || exit 1; done

bench: setup ## measure this machine, the peers that are installed, and Comity beside them
	$(BIN)/python -m bench

faults: setup ## inject ten thousand faults into three nodes and prove that nothing is lost or doubled
	$(BIN)/python -m bench.faults

soak: setup ## let two nodes work for an hour with outages, and look for losses and leaks
	$(BIN)/python -m bench.soak

docs: setup ## write the generated pages of docs/ anew
	@for page in $(PAGES); do echo $$page; $(BIN)/python $$page || exit 1; done

lock: setup ## resolve the dependencies anew and pin them with hashes
	$(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header --extra dev --output-file $(LOCK) pyproject.toml requirements/build.in

clean: ## remove what the other targets made; node homes and demo data included
	rm -rf $(VENV) demo out build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests tools bench conformance -name __pycache__ -type d -prune -exec rm -rf {} +
