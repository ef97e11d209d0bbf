# Everything a newcomer needs: `make run` and `make test`. `make help` lists the rest.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export MATCHMAKER_VAR_DIR ?= $(CURDIR)/var
# One OpenMP thread a process: several make single queries slower, and forked ones may deadlock.
export OMP_NUM_THREADS := 1
HOST ?= 127.0.0.1
PORT ?= 8000
WORKERS ?= 1
JOBS ?= 2

CATALOGUES := $(patsubst %.po,%.mo,$(wildcard matchmaker/locale/*/LC_MESSAGES/*.po))
RUNTIME := $(VENV)/.runtime-installed
TOOLS := $(VENV)/.tools-installed

.DEFAULT_GOAL := help
.PHONY: help setup run test lint types unit integration browser-tests browser setup-tests catalogues \
	translations train reader clean

help: ## List the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 16

setup: $(RUNTIME) $(CATALOGUES) ## Set up: packages, database, plan, demo world, index
	@$(BIN)/python -m matchmaker init
	@$(BIN)/python -m matchmaker demo --if-empty

run: setup ## Set up what is missing, then serve on http://127.0.0.1:8000
	@exec $(BIN)/python -m matchmaker serve --host $(HOST) --port $(PORT) --workers $(WORKERS)

test: setup-tests lint types ## Set up what is missing, then run every check and test
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile --no-loadscope-reorder tests

lint: $(TOOLS) ## Check style, format and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache

types: $(TOOLS) ## Check types
	$(BIN)/mypy

unit: $(TOOLS) ## The quick tests alone
	$(BIN)/python -m pytest tests/unit tests/house

integration: $(TOOLS) $(CATALOGUES) ## The tests with a database
	$(BIN)/python -m pytest tests/integration

browser-tests: setup-tests ## The tests in a browser
	$(BIN)/python -m pytest tests/browser

setup-tests: $(TOOLS) $(CATALOGUES) browser

browser: ## Install Chromium and a Chinese font where apt may
	@sh tests/browser/install-browser.sh

translations: $(TOOLS) ## Collect the texts of code and templates into the catalogues
	$(BIN)/pybabel -q extract -F babel.cfg -k _l -k pgettext:1c,2 --no-location --sort-output \
		-o $(VENV)/messages.pot .
	for language in zh_Hans en; do $(BIN)/pybabel -q update -N --no-wrap --ignore-obsolete \
		-i $(VENV)/messages.pot -d matchmaker/locale -l $$language; done

train: $(RUNTIME) ## Train the shipped encoder anew (CORPUS=../shared/corpus)
	$(BIN)/python -m embeddings.recipe.train --corpus $(or $(CORPUS),../shared/corpus)

reader: $(RUNTIME) ## Train the shipped reader anew (CORPUS, BENCH as for train)
	$(BIN)/python -m pip install --quiet -r requirements-train.txt
	$(BIN)/python -m embeddings.recipe.reader --corpus $(or $(CORPUS),../shared/corpus) \
		--bench $(or $(BENCH),../shared/bench)

clean: ## Remove what set-up made; var/ stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip

$(RUNTIME): requirements.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet -r requirements.txt
	@touch $@

$(TOOLS): requirements-dev.txt $(RUNTIME)
	$(BIN)/python -m pip install --quiet -r requirements-dev.txt
	@touch $@

catalogues: $(CATALOGUES)

%.mo: %.po | $(RUNTIME)
	$(BIN)/pybabel -q compile -i $< -o $@
