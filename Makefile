# `make` alone lists what there is.
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help run test chaos bench simulation coverage check format migration pictures clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

run: .venv/.installed  ## install what is missing, then run the buddy (without Slack tokens: in the playground)
	@exec $(BIN)/buddy run

test: .venv/.installed-dev  ## run every test
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest -n 2 --dist loadfile

chaos: .venv/.installed-dev  ## kill, cut and confuse it for minutes while messages go out; SEED=7 repeats a run
	@CHAOS_LONG=1 CHAOS_SEED=$(SEED) PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pytest tests/chaos -s

bench: .venv/.installed-dev  ## measure the delivery engine against the bare SDK and others; ONLY=1,3 RUNS=1 is a quick one
	@$(BIN)/python -m benchmarks $(if $(ONLY),--only $(ONLY)) $(if $(RUNS),--runs $(RUNS)) $(if $(DUE),--due $(DUE))

simulation: .venv/.installed-dev  ## a day of a million members, at the rate that make bench measured, or RATE=2000
	@$(BIN)/python -m benchmarks.simulation $(if $(RATE),--rate $(RATE))

coverage: .venv/.installed-dev  ## run every test in one process, and say which lines none of them reached
	@$(BIN)/coverage run -m pytest -q
	@$(BIN)/coverage report --skip-covered --show-missing

check: .venv/.installed-dev  ## lint, types, import contracts, migrations: what CI runs before the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/buddy migrate --check

format: .venv/.installed-dev  ## tidy the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

migration: .venv/.installed-dev  ## write the migration to what the tables say now: make migration SAYS="what it does"
	@$(BIN)/python -c 'import sys; from bot.storage.migrate import revise; revise(sys.argv[1])' "$(SAYS)"

pictures: .venv/.installed-dev  ## take the documentation's pictures again, from the real page
	@$(BIN)/python -m docs.pictures.make

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; set PYTHON=/path/to/python3.11")'
	@$(PYTHON) -m venv .venv

.venv/.installed: pyproject.toml constraints.txt | .venv/bin/python
	@echo "Installing ..."
	@PIP_CONSTRAINT=constraints.txt $(BIN)/pip install -q -e .
	@touch $@

.venv/.installed-dev: pyproject.toml constraints.txt | .venv/bin/python
	@echo "Installing, with what the tests need ..."
	@PIP_CONSTRAINT=constraints.txt $(BIN)/pip install -q -e '.[dev]'
	@touch $@ .venv/.installed

clean:  ## remove what was built and installed; what people wrote, in var/, stays
	rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage *.egg-info
