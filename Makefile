# The two commands are `make demo` and `make test`; `make help` lists the others.
#   PSP_PORT=8001 PSP_DATA_DIR=/somewhere make demo     runs a second one beside the first
#   make test ARGS="tests/house -k roles"               runs some tests
.DEFAULT_GOAL := help
.PHONY: help setup demo test check bench reset lock

PYTHON := .venv/bin/python
# Where this is set, every process compiles all of Django and of ours anew, for half of the time it needs to start.
unexport PYTHONDONTWRITEBYTECODE

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile

setup: ## install what the product needs
	@scripts/setup run

demo: setup ## start the whole product with its demo data
	@$(PYTHON) manage.py demo

test: ## run every test
	@scripts/setup test
	@$(PYTHON) -m pytest -n 3 --dist worksteal $(ARGS)

check: ## lint, types, arrows between rooms, migrations, deployment checks
	@scripts/setup test
	@scripts/check

bench: ## time what README promises, on this machine
	@scripts/setup test
	@$(PYTHON) scripts/bench $(ARGS)

reset: ## stop everything and delete the data
	@scripts/reset

lock: ## choose versions anew within pyproject.toml's bounds
	@scripts/setup test
	@scripts/lock
