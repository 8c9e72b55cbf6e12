# Everything a developer does here has a target. `make help` lists them.
# It needs GNU make, git and Python 3.11 or newer; the rest is installed into .venv and web/node_modules.

PYTHON ?= python3
ARGS ?=

BIN := .venv/bin
# Node and npm come from .venv too, so that everybody builds the web UI with the same ones.
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" npm --prefix web
CODE := $(wildcard src tests bench)
# Folders are listed with their files: a deleted file changes the time of its folder.
WEB_SOURCES := $(shell find web/src web/generated web/public web/*.html web/*.json web/*.ts web/.npmrc 2>/dev/null)

.DELETE_ON_ERROR:
.PHONY: help setup run check test bench format web lock docs changelog package deploy undeploy clean

help: ## List these targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-18s %s\n", $$1, $$2 }'

setup: .venv/installed web ## Install everything; a second time it does nothing

run: setup ## Serve the demo; options go into ARGS="--port 9000"
	@$(BIN)/tavola serve --demo $(ARGS)

check: setup ## Lint, formatting and types of Python and of the web UI
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy $(CODE)
	$(NPM) run check

test: check tests/engine/node_modules/installed ## Everything that must hold before a commit, with a browser; ARGS go to pytest
	scripts/run-tests $(ARGS)

bench: setup tests/engine/node_modules/installed ## Measure a running server; options go into ARGS
	$(BIN)/python -m bench $(ARGS)

format: setup ## Put code into the common form and mend what can be mended
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(NPM) run format

web: src/tavola/webui/index.html ## Build the web UI into the package

lock: .venv/python ## Choose the newest allowed release of each dependency and lock it with its hashes
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile $(LOCK_OPTIONS) --output-file requirements/runtime.txt pyproject.toml
	$(BIN)/uv pip compile $(LOCK_OPTIONS) --output-file requirements/lambda.txt pyproject.toml \
		--extra lambda --extra rules --constraint requirements/runtime.txt
	$(BIN)/uv pip compile $(LOCK_OPTIONS) --output-file requirements/dev.txt pyproject.toml \
		--all-extras --group dev --constraint requirements/lambda.txt
LOCK_OPTIONS := --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock"

docs: setup ## Write the reference pages of settings, errors, commands and the table from the code
	$(BIN)/python -m tavola.reference docs

changelog: setup ## Show what the fragments in changes/ say about the next release
	$(BIN)/towncrier build --draft

package: .venv/installed ## Pack the Lambda functions for each architecture into build/lambda; RULES=… packs rules
	$(BIN)/python scripts/package-functions $(ADD_RULES) $(ARGS)

deploy: setup ## Put STAGE=… into the AWS account at hand, with RULES=…; the template's parameters go into ARGS
	@scripts/deploy "$(STAGE)" $(ADD_RULES) $(ARGS)

ADD_RULES := $(if $(RULES),--rules "$(RULES)")

undeploy: ## Take STAGE=… out of it again; the table and the user pool stay
	@scripts/undeploy "$(STAGE)"

clean: ## Remove everything generated; databases stay
	rm -rf .venv tests/engine/node_modules web/node_modules web/coverage web/test-results src/tavola/webui build dist \
		.hypothesis .mypy_cache .pytest_cache .ruff_cache .schemathesis
	find . -name .git -prune -o \( -name __pycache__ -o -name '*.egg-info' \) -type d -prune -exec rm -rf {} +
	find . -name .git -prune -o -name '*.tsbuildinfo' -type f -exec rm -f {} +

# The files below are stamps: each is touched when its step is done.

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo 'Tavola needs Python 3.11 or newer; name it with: make setup PYTHON=python3.12' >&2; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/locked: requirements/dev.txt .venv/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/dev.txt
	@touch $@

.venv/installed: pyproject.toml .venv/locked
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

web/node_modules/installed: web/package.json web/package-lock.json web/.npmrc .venv/locked
	$(NPM) ci
	@touch $@

tests/engine/node_modules/installed: tests/engine/package.json tests/engine/package-lock.json .venv/locked
	PATH="$(CURDIR)/$(BIN):$$PATH" npm --prefix tests/engine ci
	@mkdir -p $(@D)
	@touch $@

src/tavola/webui/index.html: web/node_modules/installed $(WEB_SOURCES)
	$(NPM) run build
	@touch $@
