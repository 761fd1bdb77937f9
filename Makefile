# make app    the web app on http://localhost:8501
# make score  the sample draft, scored against its sample notes
# make test   the whole test suite
VENV ?= .venv
# what looks for flaws, apart from what runs
TOOLS ?= .venv-tools
ANALYZER := $(VENV)/bin/analyzer
PYTHON_IN_VENV := $(VENV)/bin/python
SAMPLE := data/samples

.PHONY: app score test setup lint bench bench-app screenshots matching proofing kinds rewrites rewrites-page evaluate compare curve lock doctor audit fuzz clean

setup: $(VENV)/.ready

$(VENV)/.ready: requirements.lock pyproject.toml scripts/setup.sh
	@VENV=$(VENV) sh scripts/setup.sh

app: setup
	@$(ANALYZER) app

score: setup
	@$(ANALYZER) score $(SAMPLE)/draft.txt --notes $(SAMPLE)/notes.txt \
	  --interviewer "Priya Nair" --company Harbourline --role "Returns Coordinator"

test: setup
	@$(PYTHON_IN_VENV) -m pytest

lint: setup
	@$(PYTHON_IN_VENV) -m ruff check . && $(PYTHON_IN_VENV) -m ruff format --check . && $(PYTHON_IN_VENV) -m mypy

# a quarter of an hour on an idle machine; the second table is the one of docs/performance.md
bench: setup
	@$(PYTHON_IN_VENV) -m benchmarks.speed; kept=$$?; $(PYTHON_IN_VENV) -m benchmarks.throughput && exit $$kept

# how long people wait in the app, alone and ten at once: needs a browser, like the pictures
bench-app: setup
	@$(PYTHON_IN_VENV) -m benchmarks.app

screenshots: setup
	@$(PYTHON_IN_VENV) scripts/screenshots.py

matching: setup
	@$(PYTHON_IN_VENV) -m benchmarks.matching

# SPLIT=heldout measures on the sentences nobody develops on
proofing: setup
	@$(PYTHON_IN_VENV) -m benchmarks.proofing --split $(or $(SPLIT),dev)

# SPLIT=heldout: figures of writers nobody develops on, without their texts
rewrites: setup
	@$(PYTHON_IN_VENV) -m benchmarks.rewrites --split $(or $(SPLIT),dev)

rewrites-page: setup
	@$(PYTHON_IN_VENV) -m benchmarks.rewrites_page

kinds: setup
	@$(PYTHON_IN_VENV) -m benchmarks.kinds

evaluate: setup
	@$(ANALYZER) evaluate models/$$(cat models/default.txt) data/labelled --card
	@cat models/$$(cat models/default.txt)/README.md

# minutes each; the model card takes up what they leave in the model's folder
compare: setup
	@$(ANALYZER) compare data/labelled -o models/$$(cat models/default.txt)/comparison.txt

curve: setup
	@$(ANALYZER) curve data/labelled -o models/$$(cat models/default.txt)/curve.png

doctor: setup
	@$(ANALYZER) doctor

# needs uv; the lock holds for every Python we support and names no index
lock:
	@uv pip compile --universal --extra app --extra train --extra cluster --extra dev --generate-hashes --no-emit-index-url --no-annotate --no-header --quiet pyproject.toml -o requirements.lock

# known flaws of the pinned packages; needs the internet, and says so where there is none
audit: setup
	@[ -x $(TOOLS)/bin/pip-audit ] || { $(PYTHON_IN_VENV) -m venv $(TOOLS) && $(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check pip-audit==2.10.1; } 2>/dev/null || true
	@$(PYTHON_IN_VENV) scripts/audit.py $(TOOLS)/bin/pip-audit

# looks for inputs that break a reader or the scorer; finds are kept as files and named
fuzz: setup
	@[ -d $(TOOLS)/atheris ] || $(PYTHON_IN_VENV) -m pip install --quiet --disable-pip-version-check --no-deps --target $(TOOLS)/atheris atheris==3.0.0
	@PYTHONPATH=$(TOOLS)/atheris nice -n 15 $(PYTHON_IN_VENV) scripts/fuzz.py --minutes $(or $(MINUTES),10)

clean:
	@rm -rf $(VENV) $(TOOLS) .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
