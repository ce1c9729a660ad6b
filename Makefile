# `make run` is the main job; everything else is listed by `make help`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt

.PHONY: run test test-all lint format bench torture demo help clean

run: $(VENV)/.installed ## start the assistant: Telegram if TELEGRAM_BOT_TOKEN is set, else the terminal
	@$(BIN)/python -m bot

test: $(VENV)/.dev ## the tests, on two cores
	@$(BIN)/python -m pytest -n 2 -m "not slow"

test-all: $(VENV)/.dev ## the tests, the slow ones too
	@$(BIN)/python -m pytest

lint: $(VENV)/.dev ## style and types
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

format: $(VENV)/.dev ## put the style right
	@$(BIN)/ruff check -q --fix . ; $(BIN)/ruff format -q .

demo: $(VENV)/.installed ## draft the sample report through the conversation, into build/demo/
	@$(BIN)/python -m bot demo

bench: $(VENV)/.dev ## speed and memory beside what they are measured against, into build/bench.md
	@$(BIN)/python -m tests.bench

torture: $(VENV)/.dev ## faults: kills, power cuts, full disks, wrong deliveries, load; SEED=N repeats a run
	@TORTURE=full $(BIN)/python -m pytest tests/torture -s

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/'

clean: ## remove what was built; never touches data/
	rm -rf $(VENV) build

# The PDF extra ships a compiled typesetter that not every machine can have; nothing else needs it.
$(VENV)/.installed: pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Setting up $(VENV) ..." >&2
	@$(PIP) -e . && ($(PIP) -e ".[pdf]" || echo "PDF and page images are not available here; all else is." >&2)
	@touch $@

$(VENV)/.dev: $(VENV)/.installed
	@$(PIP) -e ".[dev,bench]"
	@touch $@
