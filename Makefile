# `make demo` shows the main job on the bundled example; it needs python3 (3.11 or newer) and make.
# `make check` is everything a change has to pass.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
MADE := $(VENV)/made
TOOLS := build/tools
EXAMPLE := examples/coordinator-api
COPY := build/demo/coordinator-api
PATCH := build/demo/agent-management.patch
DEMO_AUTHOR := -c user.name=demo -c user.email=demo@example.org -c commit.gpgsign=false

.DEFAULT_GOAL := help
.PHONY: help demo demo-applied test proof check lint bench bench-quick movebench tools lock clean

help:
	@echo "make demo     the main job on the bundled example"
	@echo "make test     the tests (some three minutes)"
	@echo "make proof    whole applications through every step, mutants, kills (some twelve minutes)"
	@echo "make check    ruff, mypy, import-linter and the tests (some three minutes)"
	@echo "make bench    what the tool costs, against its targets (some four minutes)"
	@echo "make movebench every program of the benchmark of moved modules (some four minutes)"
	@echo "make tools    the programs that check rendered files, into $(TOOLS); tests that miss one say so"
	@echo "make lock     both lock files anew, with the newest releases"
	@echo "make clean    remove the environment and everything else that was made"

# Made once, and again when what it is made from changes; --clear leaves nothing of the one before.
$(MADE): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' \
		|| { echo "Python's venv module is needed (on Debian: apt install python3-venv)" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
		-r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q decomposer
	@touch $@

demo: $(MADE)
	@printf '\n# 1. What is in the monolith, whose is it, and what stands in the way?\n'
	@printf '$$ decompose analyze --repo $(EXAMPLE)\n\n'
	@$(BIN)/decompose analyze --repo $(EXAMPLE)
	@printf '\n# 2. Agents as a service of their own: a patch, and nothing written anywhere else.\n'
	@printf '$$ decompose extract agent-management --dry-run --repo $(EXAMPLE) > $(PATCH)\n\n'
	@rm -rf $(dir $(COPY)) && mkdir -p $(dir $(COPY))
	@$(BIN)/decompose extract agent-management --dry-run --repo $(EXAMPLE) > $(PATCH)
	@if command -v git >/dev/null; then $(MAKE) --no-print-directory demo-applied; \
	else echo "git is not installed: to see what moves, read $(PATCH)"; fi

demo-applied:
	@printf '\n# 3. On a copy of the example, what the patch does.\n$$ git apply --index $(notdir $(PATCH))\n\n'
	@cp -R $(EXAMPLE) $(COPY)
	@cd $(COPY) && git init -q && git add -A && git $(DEMO_AUTHOR) commit -q -m "The monolith" \
		&& git apply --index ../$(notdir $(PATCH)) && git --no-pager diff --cached -M --stat=150
	@printf '\n# 4. The monolith finds what was moved in its new home: its tests pass as before.\n$$ pytest\n\n'
	@cd $(COPY)/apps/coordinator-api && $(CURDIR)/$(BIN)/python -m pytest -q -p no:cacheprovider -W ignore

test: $(MADE)
	$(BIN)/pytest -n auto --maxprocesses 4 --dist loadfile

proof: $(MADE)
	$(BIN)/pytest -m proof -n auto --maxprocesses 4 --maxschedchunk 1

lint: $(MADE)
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test

bench: $(MADE)
	$(BIN)/python -m benchmarks

movebench: $(MADE)
	$(BIN)/python -m benchmarks.movebench --tool decompose

tools: $(TOOLS)/made

$(TOOLS)/made: tools/install tools/requirements.lock tools/package-lock.json
	PYTHON=$(PYTHON) tools/install $(TOOLS)
	@touch $@

bench-quick: $(MADE)
	$(BIN)/python -m benchmarks --quick

lock: $(MADE)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --extra dev pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --group tools -o tools/requirements.lock

clean:
	rm -rf $(VENV) build dist benchmarks/results .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
