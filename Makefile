# Everything a colleague needs, on a machine with Python 3.11, pip, make and git. `make` alone lists it.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.PHONY: help setup run dev test test-pg e2e smoke soak check bench demo-reset shots messages lock secrets \
	tools base dev-tools translations format lint types contracts migrations deploy-check

PYTHON ?= python3
PORT ?= 8000
UV := .tools/bin/uv
PY := .venv/bin/python
PYTEST := .venv/bin/pytest
ROOMS := corporatie tenants cases visits projects
MO := locale/nl/LC_MESSAGES/django.mo

# On your own machine everything is embedded; a production sets its own environment and uses no make.
export KEUKENTAFEL_MODE ?= embedded
export UV_PYTHON_DOWNLOADS := never

help: ## List what make can do here
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- Set-up ---------------------------------------------------------------------------------------
# What is installed is copied beside it: a lock file that differs from its copy is installed again.

setup: dev-tools translations ## Install everything into .venv and stop there

tools:
	@cmp -s requirements/tools.txt .tools/installed.txt && [ -x $(UV) ] || { \
	  $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo 'Keukentafel needs Python 3.11 or newer. Name it with: make PYTHON=/path/to/python3'; exit 1; }; \
	  $(PYTHON) -m pip --version >/dev/null 2>&1 || { \
	    echo 'pip is missing. Install this one package and try again:  sudo apt-get install python3-pip'; exit 1; }; \
	  rm -rf .tools; \
	  $(PYTHON) -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
	    --target .tools --require-hashes --requirement requirements/tools.txt; \
	  cp requirements/tools.txt .tools/installed.txt; }

define install  # $(1): base or dev
	[ -x $(PY) ] || { $(UV) venv --quiet --clear --python "$$(command -v $(PYTHON))" .venv; }; \
	echo "Installing what requirements/$(1).txt names."; \
	rm -f .venv/installed-*.txt; \
	VIRTUAL_ENV=.venv $(UV) pip sync --quiet --require-hashes requirements/$(1).txt; \
	cp requirements/$(1).txt .venv/installed-$(1).txt
endef

dev-tools: tools
	@[ -x $(PY) ] && cmp -s requirements/dev.txt .venv/installed-dev.txt || { $(call install,dev); }

# What running needs. Where the tools for developing are installed already, they are kept up to date instead.
base: tools
	@if [ -e .venv/installed-dev.txt ]; then $(MAKE) dev-tools; \
	elif ! { [ -x $(PY) ] && cmp -s requirements/base.txt .venv/installed-base.txt; }; then $(call install,base); fi

translations: $(MO)
	@:
$(MO): $(wildcard locale/nl/LC_MESSAGES/django.po)
	@$(PY) manage.py compilemessages --verbosity 0

# --- Run ------------------------------------------------------------------------------------------

run: base ## Run it here: set-up, demo neighbourhood, web + worker + beat (PORT=8000)
	@$(MAKE) translations
	@exec env DEMO=$${DEMO-1} $(PY) manage.py run --port $(PORT) --stop-with-parent

dev: dev-tools ## The same, starting again by itself when a file changes
	@$(MAKE) translations
	@exec env DEMO=$${DEMO-1} $(PY) manage.py run --port $(PORT) --stop-with-parent --reload

demo-reset: base ## Throw the local demo away and load it afresh, with today's dates
	@$(MAKE) translations
	@exec env DEMO=1 $(PY) manage.py reset_demo

# --- Prove ----------------------------------------------------------------------------------------

test: dev-tools ## Set-up and tests; on PostgreSQL and Redis when DATABASE_URL and REDIS_URL are set
	@$(MAKE) translations
	@$(PYTEST) -n $(or $(WORKERS),2) --dist loadgroup -m "not e2e and not services and not bench and not soak" $(ARGS)

# Fit for the services that .ci/run and most Debian machines have; name others as make test-pg DATABASE_URL=…
test-pg: export DATABASE_URL ?= postgres://postgres@127.0.0.1:5432/postgres
test-pg: export REDIS_URL ?= redis://127.0.0.1:6379/15
test-pg: dev-tools ## The tests on PostgreSQL and Redis (DATABASE_URL=, REDIS_URL=)
	@$(MAKE) test

e2e: dev-tools ## The browser tests, in Debian's chromium
	@$(MAKE) translations
	@$(PYTEST) -m "e2e and not services" $(ARGS)

shots: dev-tools ## Take the pictures of the README from a demo that runs (PORT=8000)
	@$(PY) -m tests.e2e.shots http://localhost:$(PORT)

smoke: export DATABASE_URL ?= postgres://postgres@127.0.0.1:5432/postgres
smoke: dev-tools ## Real processes: on one machine, and a production on a real PostgreSQL and Redis
	@$(MAKE) translations
	@$(PYTEST) -m services $(ARGS)

soak: dev-tools ## Mail down, slow and half dead, and beat over both DST nights (a quarter of an hour; needs faketime)
	@$(MAKE) translations
	@$(PYTEST) -m soak $(ARGS)

bench: dev-tools ## Pages and sweeps against the floor, as ratios
	@$(MAKE) translations
	@$(PYTEST) -m bench -s $(wildcard tests/bench/*.py) $(ARGS)

check: dev-tools ## Format, lint, types, contracts, migrations, translations, templates, check --deploy
	@$(MAKE) translations
	@$(MAKE) --jobs 2 --output-sync=target types lint contracts migrations deploy-check && echo 'All checks passed.'

types:
	.venv/bin/mypy $(ROOMS)

lint:
	.venv/bin/ruff format --check --quiet
	.venv/bin/ruff check --quiet
	git ls-files -z '*.html' | xargs -0 -r .venv/bin/djade --check --target-version 5.2

contracts:
	.venv/bin/lint-imports --no-cache

migrations:
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) manage.py update_messages --missing

# The settings of a production, with throw-away secrets: nothing may be left to warn about.
deploy-check:
	@echo 'manage.py check --deploy, as a production'
	@KEUKENTAFEL_MODE=production ALLOWED_HOSTS=keukentafel.example,localhost BASE_URL=https://keukentafel.example \
	SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(50))') \
	ENCRYPTION_KEYS=$$($(PY) -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())') \
	DATABASE_URL=postgres://nobody@127.0.0.1/none REDIS_URL=redis://127.0.0.1:6379/0 EMAIL_URL=smtp://127.0.0.1:25 \
	$(PY) manage.py check --deploy --fail-level WARNING

# --- Keep up --------------------------------------------------------------------------------------

messages: dev-tools ## Gather the texts of the screens into the catalogue, and list what has no Dutch yet
	@$(PY) manage.py update_messages && $(PY) manage.py update_messages --missing

# For 3.11.0 and not for the Python at hand: Debian 12 has 3.11.2, where redis needs one package more than later.
lock: tools ## Write the lock files anew from requirements/*.in (UPGRADE=1 takes newer versions)
	@for name in tools base dev; do \
	  $(UV) pip compile --quiet --generate-hashes --no-header --no-emit-index-url $(if $(UPGRADE),--upgrade) \
	    --python-version 3.11 requirements/$$name.in --output-file requirements/$$name.txt; done

# Compose reads these as files; the folder is for its owner, the files inside for whoever the container runs as.
secrets: ## Make the secrets of a production in secrets/, once
	@[ ! -e secrets ] || { echo 'secrets/ exists already; nothing was changed.'; exit 1; }
	@mkdir -m 0700 secrets; \
	random() { head -c 64 /dev/urandom | base64 | tr -dc 'A-Za-z0-9' | head -c "$$1" || true; }; \
	postgres=$$(random 40); redis=$$(random 40); \
	random 60 > secrets/secret_key; \
	head -c 32 /dev/urandom | base64 | tr '+/' '-_' > secrets/encryption_keys; \
	printf '%s' "$$postgres" > secrets/postgres_password; \
	printf 'postgres://keukentafel:%s@postgres:5432/keukentafel' "$$postgres" > secrets/database_url; \
	printf 'requirepass %s\n' "$$redis" > secrets/redis_conf; \
	printf 'redis://:%s@redis:6379/0' "$$redis" > secrets/redis_url; \
	printf 'smtp+tls://NAME:PASSWORD@mail.example.nl:587' > secrets/email_url; \
	chmod 0444 secrets/*; \
	echo 'Made in secrets/. Fill in secrets/email_url; keep a copy of encryption_keys in a safe place.'
