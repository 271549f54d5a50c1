# `make run` and `make test` do their own set-up: the virtual environment, the locked dependencies and, on
# Debian and Ubuntu, the system libraries Qt needs. `make help` lists the rest.
.DEFAULT_GOAL := help
.PHONY: help run test setup setup-dev lint types imports check pytest bench bench-ui pictures gallery pictures-update lock clean

BIN := .venv/bin
T ?=

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: setup ## start Sidedesk
	$(BIN)/sidedesk

# Every step runs, also after one that failed; pytest comes last, so that its closing line is the last of all
# when everything else is well.
test: setup-dev ## everything CI checks: lint, format, types, imports, tests
	@failed=; \
	for step in lint types imports pytest; do \
		$(MAKE) --no-print-directory $$step || failed="$$failed $$step"; \
	done; \
	if [ -n "$$failed" ]; then echo "make test: failed:$$failed" >&2; exit 1; fi

setup:
	@sh packaging/setup.sh run

setup-dev:
	@sh packaging/setup.sh dev

check: lint types imports ## the checks without the tests

lint: setup-dev ## ruff: rules and format
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: setup-dev ## mypy, strict
	@$(BIN)/mypy

imports: setup-dev ## the dependency rule between the rooms
	@$(BIN)/lint-imports --no-logo

# Offscreen unless the caller asks otherwise; tests marked `window` start an X server of their own.
pytest: setup-dev ## the tests alone; make pytest T="tests/store -k outbox" for some
	@QT_QPA_PLATFORM=$${QT_QPA_PLATFORM:-offscreen} $(BIN)/pytest $(T)

bench: setup-dev ## measure speed and quality
	$(BIN)/python -m tests.bench

bench-ui: setup-dev ## the screen's figures beside their bars (B="--tickets 450000 --workspace DIR")
	@$(BIN)/python -m tests.bench.screen $(B)

pictures: setup-dev ## render the screens to image files
	$(BIN)/python -m ui.picture --out docs --scale 1.5

gallery: setup-dev ## paint each widget in each of its states: build/gallery
	$(BIN)/python -m ui.gallery --out build/gallery

# A changed look is a decision: look at what changed (git diff shows the pictures) before committing it.
pictures-update: setup-dev ## take the present look as the one the picture tests compare with
	PICTURES_UPDATE=1 QT_QPA_PLATFORM=offscreen $(BIN)/pytest -q tests/ui/pictures

# Both locks hold for Python 3.11 to 3.13 on every platform. The second is the first plus the tools.
UV := .venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make lock"
lock: ## resolve the dependencies anew (U=--upgrade takes the newest)
	@test -x .venv-lock/bin/uv || { python3 -m venv .venv-lock && .venv-lock/bin/pip install --quiet uv; }
	@$(UV) $(U) pyproject.toml --extra build -o requirements.lock
	@$(UV) $(U) pyproject.toml --extra build --extra dev -c requirements.lock -o requirements-dev.lock

clean: ## remove the environment and everything generated
	rm -rf .venv .venv-lock .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
