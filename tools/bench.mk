# Included by the Makefile: the benchmarks. Each folder bench/NAME with sources is a program,
# build/bench/NAME; bench/run.py runs them (docs/performance.md).

BENCH_PROGRAMS := load floor
BENCH_SOURCES := $(call find_files,bench,*.cc)
BENCH_BATCHES := $(call batches,$(BENCH_SOURCES))
BENCH_TARGETS := $(BENCH_PROGRAMS:%=build/bench/%)

bench:  ## measure against the floor and peers: one table; FILTER=echo for some rows, BENCH=--quick
	@tools/deps.sh build
	@PACKAGES=bench_packages.txt tools/deps.sh
	@$(MAKE) bench-tools
	@$(PYTHON) bench/run.py $(BENCH) --filter '$(FILTER)'

bench-tools: all $(BENCH_TARGETS)  ## what `make bench` runs

# A test runs them, a short while.
build/tests/unit: | $(BENCH_TARGETS)
functional: $(BENCH_TARGETS)

$(foreach program,$(BENCH_PROGRAMS),$(eval build/bench/$(program): $(call objects,$(filter bench/$(program)/%,$(BENCH_BATCHES)))))
$(BENCH_PROGRAMS:%=build/bench/%):
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CXX) -o $@ $^ $(LDFLAGS) -lcrypto

# The least that can be done for the bytes: the unmasking as wide as the compiler makes it.
$(call objects,$(filter bench/floor/%,$(BENCH_BATCHES))): private EXTRA_FLAGS = -O3

check-format: $(BENCH_SOURCES:%=build/check/format/%.ok)
check-tidy: $(BENCH_BATCHES:%=build/check/tidy/%.ok)

.PHONY: bench bench-tools
