# Bilim: everything a developer does, one word each. Python 3.11 or newer and make are all that is needed.
# PYTHON=/path chooses the interpreter; BILIM_HOME, BILIM_*_PORT, BILIM_DEMO and *_DATABASE_URL are told in README.md.

.DEFAULT_GOAL := help
.PHONY: help setup run test fuzz storm check fmt migrate openapi demo token bench lock
MAKEFLAGS += --no-print-directory

PY := .venv/bin/python
export PYTHON

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

setup: ## make .venv with exactly the packages of requirements.lock
	@sh deploy/local/setup.sh

run: setup ## start everything: PostgreSQL, databases, demo, three services; Ctrl-C stops it
	@exec $(PY) -m deploy.local run --with-parent

test: setup ## all tests, on a real PostgreSQL; ARGS="-k word" narrows them
	@exec $(PY) -m pytest -n auto --maxprocesses 4 --dist loadscope --no-loadscope-reorder $(ARGS)

fuzz: setup ## the fuzzer with all checks over the three services; BILIM_FUZZ_EXAMPLES=100 tries longer
	@BILIM_FUZZ_EXAMPLES=$${BILIM_FUZZ_EXAMPLES:-8} exec $(PY) -m pytest -q tests/contract/test_fuzz.py tests/contract/test_poison.py

storm: setup ## 10,000 operations on two replicas, 200 lives of seats, 1,000 histories, kill after kill (half an hour)
	@BILIM_STORM_OPERATIONS=10000 BILIM_MODEL_RUNS=200 BILIM_STRIKE_ROUNDS=3 BILIM_HISTORIES=200 exec $(PY) -m pytest \
		--durations=6 tests/scenarios/training/test_storm.py tests/scenarios/training/test_lives_of_seats.py \
		tests/integration/crash tests/integration/registry/test_random_reorganisations.py \
		tests/integration/registry/test_random_histories.py $(ARGS)

check: setup ## style, types, import rules, migrations equal models, openapi.json equal the code
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -c 'import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())'
	$(PY) -m deploy.migrations check
	$(PY) -m deploy.openapi --check

fmt: setup ## put the code into the house's form
	$(PY) -m ruff check --fix-only --quiet .
	$(PY) -m ruff format .

migrate: setup ## bring the databases to the present schema, without starting the services
	@exec $(PY) -m deploy.local migrate

openapi: setup ## write each service's openapi.json from its code
	@exec $(PY) -m deploy.openapi

demo: setup ## load the demo into the running services now
	@exec $(PY) -m deploy.local demo

token: setup ## print a token: make -s token ROLE=admin [AREA=750000000] [ORG=<id>]
	@exec $(PY) -m shared.auth.token --role "$(or $(ROLE),admin)" $(if $(AREA),--area "$(AREA)") $(if $(ORG),--organisation "$(ORG)")

bench: setup ## measure the running house (tests/load)
	@sh deploy/local/peers.sh || echo "The packages to compare with could not be installed; measuring without." >&2
	@exec $(PY) -m tests.load $(ARGS)

lock: setup ## write requirements.lock anew from requirements.in (needs uv)
	@sh deploy/local/lock.sh
