# Each goal does the set-up it needs. `make demo` shows Ankivault at work, `make test` checks it.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.10; do \
    "$$p" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' \
        2>/dev/null && echo "$$p" && break; done)
# The oldest supported Anki needs Python 3.9; where there is none, its tests are not collected.
PYTHON39 ?= $(shell for p in python3.9 $$HOME/.pyenv/versions/3.9.*/bin/python; do \
    "$$p" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 9))' \
        2>/dev/null && echo "$$p" && break; done)

PY = .venv/bin/python
# What Python compiled is kept, whatever the shell says: tests start a hundred processes.
ENV = PYTHONPATH=build/dev PYTHONDONTWRITEBYTECODE=
# Tests with real Anki mostly wait, so there is one worker more than cores.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')
PIP_INSTALL = -m pip install -qq --disable-pip-version-check
SOURCES = $(wildcard __init__.py __main__.py) cli convert model sync ui vendor/__init__.py
CODE = $(SOURCES) vendor/fetch.py dev tests bench
SETUP = build/system-packages .venv/.installed .venv39/.installed vendor/lib/.fetched \
    build/dev/ankivault tests/corpus/node_modules/.installed

.PHONY: setup demo test check lint types old-python run package screenshots drawing bench pins clean

setup: $(SETUP)

demo: package
	$(PY) -m tests.app.demo

run: package
	$(PY) -m tests.app.run

screenshots: package
	xvfb-run --auto-servernum --server-args="-screen 0 1100x760x24" $(PY) -m tests.app.screenshots docs

drawing: setup
	$(ENV) $(PY) dev/draw_rooms.py

package: setup
	$(PY) dev/package.py

test: check package
	$(ENV) $(PY) -m pytest -n $(WORKERS) --dist loadgroup

check: setup
	@$(MAKE) --no-print-directory --jobs=3 types old-python lint

lint: setup
	.venv/bin/ruff check $(CODE)
	.venv/bin/ruff format --check $(CODE)
	$(ENV) .venv/bin/lint-imports --no-cache --no-logo

types: setup
	$(ENV) .venv/bin/mypy

old-python: setup
	$(ENV) .venv/bin/vermin --quiet --no-tips --violations -t=3.9- $(SOURCES)

bench: setup
	$(ENV) $(PY) -m bench

pins: .venv/.installed
	$(PY) $(PIP_INSTALL) uv==0.13.8
	.venv/bin/uv pip compile --quiet --universal --python-version 3.10 --no-header --no-annotate \
	    --upgrade dev/requirements.in --output-file dev/requirements.txt
	.venv/bin/uv pip compile --quiet --python-version 3.9 --python-platform x86_64-manylinux_2_35 --no-header \
	    --no-annotate --upgrade dev/requirements-py39.in --output-file dev/requirements-py39.txt

clean:
	rm -rf .venv .venv39 build vendor/lib tests/corpus/node_modules

build/system-packages: dev/system_packages.py
	@test -n "$(PYTHON)" || { echo "Python 3.10 to 3.13 is needed, and not on the PATH." >&2; exit 1; }
	$(PYTHON) dev/system_packages.py
	@mkdir -p build && touch $@

.venv/.installed: dev/requirements.txt | build/system-packages
	$(PYTHON) -m venv --clear .venv
	$(PY) $(PIP_INSTALL) --requirement dev/requirements.txt
	@echo "$(CURDIR)/build/dev" > \
	    "$$($(PY) -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/ankivault.pth"
	@touch $@

.venv39/.installed: dev/requirements-py39.txt | build/system-packages
ifeq ($(PYTHON39),)
	@echo "No Python 3.9 here: the tests with the oldest supported Anki are left out."
else
	$(PYTHON39) -m venv --clear .venv39
	.venv39/bin/python $(PIP_INSTALL) --requirement dev/requirements-py39.txt
	@touch $@
endif

vendor/lib/.fetched: vendor/requirements.txt vendor/web/package-lock.json vendor/fetch.py | .venv/.installed
	$(PY) vendor/fetch.py
	@touch $@

build/dev/ankivault:
	@mkdir -p build/dev && ln -sfn ../.. $@

tests/corpus/node_modules/.installed: tests/corpus/package-lock.json | build/system-packages
	npm ci --prefix tests/corpus --silent --ignore-scripts --no-audit --no-fund
	@touch $@
