# gdviz: `make demo` to see it, `make test` to trust it.
PYTHON ?= python3
VENV   := .venv
OLDEST := .venv-oldest
BIN    := $(VENV)/bin
PINS   := constraints.txt
PIP     = PIP_CONSTRAINT=$(PINS) $(PYTHON) -m pip --python $(@D)/bin/python install --quiet --disable-pip-version-check

.PHONY: demo test test-oldest bench fuzz gallery clean
.DELETE_ON_ERROR:

demo: $(VENV)/installed
	$(BIN)/gdviz animate --kind plane+contour --overwrite gallery/data/article_multiple.csv descent.gif

test: $(VENV)/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest --numprocesses auto

# The same tests on the oldest versions that pyproject.toml declares, or those in TESTS.
test-oldest: $(OLDEST)/installed-test
	$(OLDEST)/bin/pytest --numprocesses auto $(TESTS)

bench: $(VENV)/installed-test
	$(BIN)/python tests/benchmarks/bench.py
	$(BIN)/python tests/benchmarks/bench_fit.py

# Tables made at random, for as long as is wanted: make fuzz FUZZ_SECONDS=3600 FUZZ_SEED=2
FUZZ_SECONDS := 300
FUZZ_TABLES  := 100000
FUZZ_SEED    := 1

fuzz: $(VENV)/installed-test
	$(BIN)/python tests/fuzz/fuzz_tables.py --seconds $(FUZZ_SECONDS) --tables $(FUZZ_TABLES) --seed $(FUZZ_SEED)

# A new environment needs no ensurepip: the pip that is there installs into it.
%/bin/python:
	$(PYTHON) -m venv --without-pip $*

$(VENV)/installed: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --editable .
	touch $@

$(VENV)/installed-test: pyproject.toml constraints.txt | $(VENV)/installed
	$(PIP) --editable '.[test,lint]'
	touch $@

$(OLDEST)/installed-test: PINS := constraints-oldest.txt
$(OLDEST)/installed-test: pyproject.toml constraints-oldest.txt | $(OLDEST)/bin/python
	$(PIP) --editable '.[test]'
	touch $@

# The gallery. Every picture has a rule and its real dependencies, so that `make -j2 gallery` draws
# two at a time and a second `make gallery` draws none.
DATA     := gallery/data
PACKAGE  := $(shell find gdviz -name '*.py') gdviz/renderers/style/gdviz.mplstyle
ARTICLE  := $(patsubst %.py,%.gif,$(wildcard gallery/article_*.py))
KINDS    := $(addprefix gallery/,parameters.gif plane.gif contour.gif surface.gif)
PICTURES := $(ARTICLE) $(KINDS) gallery/rent.gif gallery/rent_zh.gif gallery/compare.gif gallery/saddle.gif
COMPARE   = $(BIN)/gdviz compare --overwrite --dpi 80 --optimizers gd,momentum,adam
ANIMATE   = $(BIN)/gdviz animate --overwrite --dpi 80 $< $@

gallery: $(PICTURES)

$(PICTURES): $(PACKAGE) | $(VENV)/installed

$(ARTICLE): gallery/%.gif: gallery/%.py $(DATA)/article_multiple.csv
	$(BIN)/python $< $@

gallery/parameters.gif: $(DATA)/article_simple.csv
	$(ANIMATE) --kind parameters --learning-rate 0.001 --epochs 12000 --start=-1,3

gallery/plane.gif gallery/contour.gif gallery/surface.gif: gallery/%.gif: $(DATA)/article_multiple.csv
	$(ANIMATE) --kind $*

gallery/rent.gif: $(DATA)/rent.csv
	$(ANIMATE) --kind plane+contour

gallery/rent_zh.gif: $(DATA)/rent_zh.csv
	$(ANIMATE) --kind contour+parameters

gallery/compare.gif: $(DATA)/rent.csv
	$(COMPARE) $< $@

gallery/saddle.gif:
	$(COMPARE) --learning-rate 0.05 function:saddle $@

clean:
	rm -rf $(VENV) $(OLDEST) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find gdviz tests -name __pycache__ -exec rm -rf {} +
