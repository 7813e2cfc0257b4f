# gdviz: `make demo` to see it, `make test` to trust it.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP     = PIP_CONSTRAINT=constraints.txt $(PYTHON) -m pip --python $(BIN)/python install --quiet --disable-pip-version-check

.PHONY: demo test bench gallery clean
.DELETE_ON_ERROR:

demo: $(VENV)/installed
	$(BIN)/gdviz animate --kind plane+contour --overwrite gallery/data/article_multiple.csv descent.gif

test: $(VENV)/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest

# A new environment needs no ensurepip: the pip that is there installs into it.
$(BIN)/python:
	$(PYTHON) -m venv --without-pip $(VENV)

$(VENV)/installed: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --editable .
	touch $@

$(VENV)/installed-test: pyproject.toml constraints.txt | $(VENV)/installed
	$(PIP) --editable '.[test]'
	touch $@

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find gdviz tests -name __pycache__ -exec rm -rf {} +
