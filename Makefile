# Two commands do everything on a fresh Debian or Ubuntu machine:
#   make demo    set up, then assess the Kharkiv sample case
#   make test    set up, then run every check and test
# On another system they say what to install and go on with what is there.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
APT    := python3-venv tesseract-ocr tesseract-ocr-eng tesseract-ocr-kor tesseract-ocr-kor-vert \
          tesseract-ocr-script-hang tesseract-ocr-rus tesseract-ocr-ukr fonts-nanum fonts-dejavu-core \
          libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
# For the tests alone: a browser that drives the workbench, and a second reader of PDF files.
APT_TEST := chromium chromium-driver poppler-utils
SAMPLE := images/samples/kharkiv-2024-01-02

.PHONY: demo test check unit setup bench clean

demo: setup
	$(BIN)/forensics assess $(SAMPLE)

test: .make/test-system check unit

# One command for everything a reviewer would ask: format, lint, types, directions of import, the catalogue.
check: setup
	$(BIN)/ruff format --check forensics tests images
	$(BIN)/ruff check forensics tests images
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/forensics catalogue lint

unit: setup .make/test-system
	$(BIN)/python -m pytest -n 2

# Benchmarks print figures; they never fail because a machine is slow.
bench: setup
	$(BIN)/python tests/benchmarks/startup.py
	$(BIN)/python tests/benchmarks/scorer.py

setup: .make/system .make/python

.make/system: Makefile
	@mkdir -p .make
	@APT="$(APT)" sh .ci/system-packages
	@touch $@

.make/test-system: Makefile | .make/system
	@APT="$(APT_TEST)" WITHOUT="tests of pages in a browser are skipped" sh .ci/system-packages
	@touch $@

.make/python: pyproject.toml constraints.txt | .make/system
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "forensics needs Python 3.11 or newer; $(PYTHON) is older. Install one and run: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) .make .mypy_cache .ruff_cache .pytest_cache .hypothesis build dist
