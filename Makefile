# Campaign Manager: everything a developer or operator of one machine does. `make` or `make help` lists it.
# Needs only make and Python ≥ 3.11; the first `make run` or `make test` installs the rest (as root or with sudo).

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
VAR := $(or $(CM_VAR_DIR),var)
PIP := $(PY) -m pip --disable-pip-version-check --quiet
# Narrow a run of the tests: make unit T=tests/unit/test_phone.py, make integration ARGS='-k haproxy'
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help packages setup run demo test unit integration e2e lint format migrate lock clean

##@ Using it

run: setup ## Start the whole system on this machine and stay in the foreground; Ctrl-C stops it
	@exec $(PY) -m deploy.local.run

demo: setup ## Book a callback as an IVR would and follow it to its result
	@exec $(PY) -m deploy.local.demo

migrate: setup ## Bring the database of CM_DATABASE_URL (default: var/data) to the newest version
	@exec $(PY) -m shared.db.migrate

##@ Developing it

setup: packages $(VENV)/.locked ## Install what is missing: system packages and the locked Python dependencies

test: unit integration e2e ## Every test: what CI runs

unit: setup ## Pure code, no process beside pytest
	@$(PY) -m pytest -n 2 $(or $(T),tests/unit) $(ARGS)

integration: setup ## Real Redis, ZooKeeper, HAProxy and database processes
	@$(PY) -m pytest -n 2 --dist loadscope $(or $(T),tests/integration) $(ARGS)

e2e: setup ## The whole system through HAProxy
	@$(PY) -m pytest $(or $(T),tests/e2e) $(ARGS)

lint: setup ## Style, types, import rules, HAProxy configuration: zero warnings
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports
	@$(PY) -m deploy.local.load_balancer

format: setup ## Rewrite the code in the project's style
	@$(VENV)/bin/ruff check --fix .
	@$(VENV)/bin/ruff format .

lock: setup ## Write the lock files from pyproject.toml; UPGRADE=--upgrade takes the newest versions
	@$(VENV)/bin/pip-compile $(LOCK_OPTIONS) --output-file=requirements.txt pyproject.toml
	@$(VENV)/bin/pip-compile $(LOCK_OPTIONS) --extra=dev --output-file=requirements-dev.txt pyproject.toml

clean: ## Remove caches and all local data (the demo's database and keys too)
	@if [ -e $(VAR)/run/lock ] && ! flock --nonblock $(VAR)/run/lock true; then \
	    echo "A system is running from $(VAR): stop it first." >&2; exit 1; fi
	@rm -rf $(VAR) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +

help: ## Show this list
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} \
	    /^[a-z0-9_-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

LOCK_OPTIONS = --quiet $(UPGRADE) --allow-unsafe --generate-hashes --strip-extras \
    --no-emit-find-links --no-emit-index-url --no-emit-trusted-host

packages:
	@$(PYTHON) -m deploy.local.packages

# The stamp holds the lock it was made from: the environment is redone only when the lock changed.
$(VENV)/.locked: requirements-dev.txt
	@echo "Installing the locked Python dependencies into $(VENV) …"
	@[ -x $(PY) ] || $(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes --requirement requirements-dev.txt
	@cp requirements-dev.txt $@

# The targets of one command line build on each other.
.NOTPARALLEL:
