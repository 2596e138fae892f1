# Storekeep. 'make run' installs what is missing, prepares the sample shop and starts it; 'make test' runs every test.
.DELETE_ON_ERROR:
.PHONY: setup run shell test check bench train lock clean help
SHELL := /bin/sh
PIP_OPTIONS := --disable-pip-version-check --no-input --quiet
SHOP := .venv/bin
TROUBLE = echo "Installing stopped half-way (see the lines above; a full disk or a lost connection are the usual reasons). Run make again: it goes on where it was." >&2; exit 1

help:  ## Show this list
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/installed .venv-rasa/installed  ## Install the two locked environments

.venv/installed: requirements/shop.txt pyproject.toml
	@python=$$(sh requirements/find-python shop) || exit 1; \
	 [ -x .venv/bin/pip ] || { echo "making .venv with $$python"; rm -rf .venv; "$$python" -m venv .venv || { $(TROUBLE); }; }; \
	 echo "installing the shop's environment (.venv)"; \
	 .venv/bin/pip install $(PIP_OPTIONS) -r requirements/shop.txt && \
	 .venv/bin/pip install $(PIP_OPTIONS) --no-deps --no-build-isolation -e . || { $(TROUBLE); }
	@touch $@

# Rasa finds bot/rasa by itself: it puts the folder that it runs in on Python's path.
.venv-rasa/installed: requirements/rasa.txt
	@python=$$(sh requirements/find-python rasa) || exit 1; \
	 [ -x .venv-rasa/bin/pip ] || { echo "making .venv-rasa with $$python"; rm -rf .venv-rasa; "$$python" -m venv .venv-rasa || { $(TROUBLE); }; }; \
	 echo "installing Rasa's environment (.venv-rasa)"; \
	 .venv-rasa/bin/pip install $(PIP_OPTIONS) -r requirements/rasa.txt || { $(TROUBLE); }
	@touch $@

run: setup  ## Start the sample shop: web page, Rasa and action server
	@STOREKEEP_DEMO=$${STOREKEEP_DEMO:-true} exec $(SHOP)/storekeep up

shell: setup  ## Talk to the same bot in the Rasa shell
	@STOREKEEP_DEMO=$${STOREKEEP_DEMO:-true} exec $(SHOP)/storekeep shell

check: setup  ## Style, types and the fast tests (seconds; no weights, Rasa or browser)
	$(SHOP)/ruff check .
	$(SHOP)/ruff format --check .
	$(SHOP)/mypy
	$(SHOP)/pytest -m "not full"

test: check  ## Everything: check, then the full suite with real models, Rasa, databases and browser
	$(SHOP)/pytest -m full

bench: setup  ## Measure what docs/figures.md quotes (about half an hour)
	$(SHOP)/python -m benchmarks

train: setup  ## Train Rasa's model again if its inputs changed; for other models see 'storekeep train --help'
	$(SHOP)/storekeep train rasa

lock:  # Write down the versions that are installed now, after a change in pyproject.toml
	{ echo "setuptools==$$(.venv/bin/python -c 'from importlib.metadata import version; print(version("setuptools"))')"; \
	  .venv/bin/pip freeze --exclude-editable | sed -E 's/^torch( @|==).*/torch==2.13.0/'; } > requirements/shop.txt
	.venv-rasa/bin/pip freeze --exclude-editable > requirements/rasa.txt

clean:  ## Remove environments, caches, the sample shop's database and trained Rasa models
	rm -rf .venv .venv-rasa .storekeep .pytest_cache .mypy_cache .ruff_cache *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
