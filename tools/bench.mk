# Included by the Makefile: the benchmarks. Programs of bench/ are built in build/bench, as is the
# plugin of a peer; bench/run.py runs them (docs/performance.md).

BENCH_PROGRAMS := load floor client_floor micro echo_frame
BENCH_TARGETS := $(BENCH_PROGRAMS:%=build/bench/%) build/bench/minimal_plugin.so

# The folder of Aiopyramid's source, for the comparison.
AIOPYRAMID ?=

bench:  ## measure against the floor and peers: one table; FILTER=echo for some rows, BENCH=--quick
	@tools/deps.sh build
	@PACKAGES=bench_packages.txt tools/deps.sh
	@$(MAKE) bench-tools
	@AIOPYRAMID='$(AIOPYRAMID)' $(PYTHON) bench/run.py $(BENCH) --filter '$(FILTER)'

bench-tools: all $(BENCH_TARGETS)  ## what `make bench` runs
	@:

# Functional tests run them, for a short while.
test-programs: $(BENCH_TARGETS)

bench_objects = $(call objects,$(filter bench/$1/%,$(BENCH_BATCHES)))
$(foreach program,$(BENCH_PROGRAMS),$(eval build/bench/$(program): $(call bench_objects,$(program))))
build/bench/micro build/bench/echo_frame: build/libaiopyr.a
build/bench/floor build/bench/client_floor: $(call bench_objects,server)
build/bench/client_floor: private LIBRARIES := -lpq -lhiredis -lcurl
$(BENCH_PROGRAMS:%=build/bench/%):
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CXX) -o $@ $^ $(LDFLAGS) $(LIBRARIES)

# The floors are the least cost of the bytes, so unmasking may use the widest instructions.
$(call bench_objects,floor) $(call bench_objects,client_floor): private EXTRA_FLAGS = -O3

MINIMAL_PLUGIN := $(filter bench/minimal_plugin/%,$(BENCH_BATCHES))
$(call objects,$(MINIMAL_PLUGIN)): private EXTRA_FLAGS = $(UWSGI_FLAGS)
$(call objects,$(MINIMAL_PLUGIN)): | build/uwsgi/uwsgi.h
build/bench/minimal_plugin.so: $(call objects,$(MINIMAL_PLUGIN))
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CXX) -shared -o $@ $^ $(LDFLAGS)

.PHONY: bench bench-tools
