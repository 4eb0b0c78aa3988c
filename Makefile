.DEFAULT_GOAL := help
.PHONY: help setup demo studio web test test-all e2e check format gen media pictures bench lock

# Where bytecode is not written, each of hundreds of processes compiles JAX from its source.
unexport PYTHONDONTWRITEBYTECODE

BIN := .venv/bin
BENCH ?= physics training clips teach
COMPILE := $(BIN)/uv pip compile pyproject.toml --quiet --generate-hashes --no-emit-index-url \
	--universal --python-version 3.11 --fork-strategy fewest

help: ## list the targets
	@grep -E '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 10

setup: ## install everything into .venv (a second when nothing changed)
	@scripts/setup.sh

demo: setup ## teach Go1 to shake its hips: three clips in out/aloha
	$(BIN)/tabrl teach "Keep shaking your hips aloha dude!" \
		--robot Go1JoystickFlatTerrain --out out/aloha

studio: web ## open the studio in the browser
	$(BIN)/tabrl serve --open

web: setup ## build the studio's page (nothing to do when nothing changed)
	@scripts/setup-web.sh

# One more than there are cores: tests wait for processes and for time.
WORKERS := $(shell expr 1 + $$(getconf _NPROCESSORS_ONLN))
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --maxprocesses 4 --dist loadfile --no-loadscope-reorder

test: web ## run the tests, one robot of each structure (ARGS="-k name" to choose)
	$(PYTEST) $(ARGS)
	@echo "Left out: every other robot, and what takes minutes (make test-all)."
ifndef ARGS
	@$(MAKE) --no-print-directory e2e
endif

test-all: web ## run all tests, for a night: every robot, and what takes minutes
	$(PYTEST) -m "" --durations=40 $(ARGS)

e2e: web ## walk through the studio in a real browser, with real trainings; needs the cores alone
	@scripts/setup-web.sh browser
	TABRL_E2E=1 $(BIN)/python -m pytest tests/web

check: setup ## formatting, lint, types, imports, generated files
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@scripts/setup-web.sh check

format: setup ## rewrite files as `check` wants them
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	@scripts/setup-web.sh format

gen: setup ## rewrite the generated files: robots, pages of the documentation, the API's types
	JAX_PLATFORMS=cpu $(BIN)/python -m tabrl.generators.catalogue
	$(BIN)/python docs/reward_language.py
	$(BIN)/python docs/behaviours.py
	$(BIN)/python docs/reading.py
	$(BIN)/python docs/settings.py
	$(BIN)/python -m tabrl.server.openapi
	JAX_PLATFORMS=cpu $(BIN)/python tests/export/measured.py
	@scripts/setup-web.sh gen

media: setup ## draw the gallery's thumbnails and previews again
	JAX_PLATFORMS=cpu $(BIN)/python -m tabrl.generators.gallery

pictures: web ## take the documentation's pictures of the studio again
	@scripts/setup-web.sh browser
	PICTURES=$(abspath out/pictures) TABRL=$(abspath $(BIN)/tabrl) scripts/setup-web.sh e2e
	$(BIN)/python -c "$$TO_WEBP" out/pictures/*.png

define TO_WEBP
import pathlib, sys
from PIL import Image
for png in map(pathlib.Path, sys.argv[1:]):
    Image.open(png).convert("RGB").save(f"docs/images/{png.stem}.webp", quality=84, method=6)
endef
export TO_WEBP

bench: setup ## measure this machine (BENCH="physics clips" to choose)
	@for suite in $(BENCH); do $(BIN)/tabrl bench $$suite || exit 1; done

lock: setup ## rewrite the lock files from pyproject.toml (ARGS=--upgrade for newer versions)
	$(COMPILE) -o requirements.lock $(ARGS)
	$(COMPILE) --group dev -c requirements.lock -o requirements-dev.lock $(ARGS)
