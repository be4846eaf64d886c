# Everything one does with this checkout. `make help` lists it.
# Needs git, make and Python 3.11 or newer; what else it needs it fetches into .venv and .tools.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
TREES := src tests benchmarks scripts .ci/clean_run.py
# One runner a processor, each with a PostgreSQL of its own; a module stays together, because it shares a small world.
PYTEST := $(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist loadfile
BENCHES := $(sort $(basename $(notdir $(filter-out benchmarks/_%,$(wildcard benchmarks/*.py)))))
export TRUSTDESK_HOME ?= $(CURDIR)/var
# Some images forbid Python to keep what it compiled: then each of the many processes compiles everything for itself.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help setup spark run demo-code test test-fast check format messages messages-check docs docs-serve clean $(BENCHES:%=bench-%)

help: ## List what can be done
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /|/' | awk -F'|' '{printf "  make %-16s %s\n", $$1, $$2}'
	@for name in $(BENCHES); do printf "  make %-16s %s\n" "bench-$$name" "Measure the promise '$$name' beside its peer (size: ROWS=100000)"; done

$(READY): pyproject.toml uv.lock scripts/bootstrap.py
	@$(PYTHON) scripts/bootstrap.py
	@touch $@

CATALOGS := $(wildcard src/trustdesk/locale/*/LC_MESSAGES/django.po)
COMPILED := $(CATALOGS:.po=.mo)

$(COMPILED): $(CATALOGS) scripts/messages.py $(READY)
	@$(BIN)/python scripts/messages.py compile

setup: $(READY) $(COMPILED) ## Prepare .venv from the lock and compile the translations

spark: setup ## Add what screening on Spark needs: pyspark (400 MB) and Debian's Java
	@$(BIN)/python scripts/spark.py

run: setup ## Start the demo: database, web and worker; prints the address and the sign-ins; Ctrl+C stops it
	@echo "run: starting the demo, its state lives in $(TRUSTDESK_HOME)"
	@exec $(BIN)/trustdesk up --demo

demo-code: ## Show the demo's sign-ins with the codes of this moment
	@$(BIN)/trustdesk demo-code

test: setup ## All tests, PostgreSQL and browser tests included; what fails runs once more, alone
	@echo "test: all tests, against a PostgreSQL of their own"
	@CHROMIUM="$$($(BIN)/python scripts/chromium.py)" && export CHROMIUM && \
	  $(BIN)/python scripts/spark.py > /dev/null && $(BIN)/python scripts/peers.py > /dev/null && \
	  { $(PYTEST) $(ARGS) || { [ $$? -eq 1 ] && $(BIN)/python scripts/again.py; }; }

test-fast: setup ## The tests without browser and slow ones
	@echo "test-fast: without the browser tests and the slow ones"
	@exec $(PYTEST) -m "not browser and not slow" $(ARGS)

check: setup ## Lint, types, layers, templates, migrations and translations
	@echo "check: ruff"
	@$(BIN)/ruff check $(TREES)
	@$(BIN)/ruff format --check $(TREES)
	@echo "check: types"
	@$(BIN)/mypy $(TREES)
	@echo "check: import contracts"
	@$(BIN)/lint-imports --no-cache
	@echo "check: templates"
	@find src -name '*.html' -print0 | xargs -0 -r $(BIN)/djade --check --target-version 5.2
	@$(BIN)/djlint src --lint --quiet
	@echo "check: migrations"
	@$(BIN)/python scripts/migrations.py
	@echo "check: translations"
	@$(BIN)/python scripts/messages.py check

format: setup ## Put code and templates into their one form
	@$(BIN)/ruff check --fix $(TREES)
	@$(BIN)/ruff format $(TREES)
	@find src -name '*.html' -print0 | xargs -0 -r $(BIN)/djade --target-version 5.2

messages: setup ## Bring new strings into the translation catalogs
	@$(BIN)/python scripts/messages.py update
	@$(BIN)/python scripts/messages.py check || true

messages-check: setup ## Name the strings that a language lacks
	@$(BIN)/python scripts/messages.py check

docs: setup ## Build the documentation into site/
	@$(BIN)/mkdocs build --strict --quiet
	@echo "docs: open site/index.html"

docs-serve: setup ## Read the documentation while writing it
	@$(BIN)/mkdocs serve

clean: ## Remove what was built; keeps var/ with your data and keys
	@rm -rf .venv .tools site .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@echo "clean: done; var/ was kept"

$(BENCHES:%=bench-%): bench-%: setup
	@echo "bench-$*: ours and the peer in turn, in the same run; the last line is the result"
	@exec $(BIN)/python -m benchmarks.$*
