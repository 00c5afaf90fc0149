# Included by the Makefile: format, tidy, self-contained headers, include direction. What has passed
# is remembered as a stamp in build/check and only looked at again when it or its headers change.

CLANG_FORMAT ?= clang-format-14
CLANG_TIDY ?= clang-tidy-14

CODE_FOLDERS := plugin runtime websocket include examples tests bench
HEADERS := $(call find_files,plugin runtime websocket include/aiopyr,*.h)
TEST_HEADERS := $(call find_files,examples tests bench,*.h)
FUZZERS := $(call find_files,tests/fuzz,*.cc)
FORMATTED := $(HEADERS) $(TEST_HEADERS) $(SOURCES) $(UNIT_SOURCES) $(FUZZERS) \
  $(EXAMPLE_TESTS) $(BENCH_SOURCES)
HEADER_STAMPS := $(HEADERS:%=build/check/headers/%.ok)
# In batches, as they are compiled: in a seventh of the time. Without the tests: compiled with
# warnings as errors and run under sanitizers, they gain little from the reader that takes longest.
TIDY_STAMPS := $(patsubst %,build/check/tidy/%.ok,$(BATCHES) $(BENCH_BATCHES))
FORMAT_STAMPS := $(FORMATTED:%=build/check/format/%.ok)

check: check-includes check-format check-headers check-tidy  ## format, tidy, self-contained headers, include direction
	@echo "All checks passed."

check-includes:
	@$(PYTHON) tools/check_includes.py

check-format: $(FORMAT_STAMPS)

check-headers: $(HEADER_STAMPS)

check-tidy: $(TIDY_STAMPS)

format:  ## bring all code into the one format
	$(CLANG_FORMAT) -i $(FORMATTED)

build/check/format/%.ok: % .clang-format
	@mkdir -p $(@D)
	@$(CLANG_FORMAT) --dry-run -Werror $< || { echo "$<: not in the project's format: run make format" >&2; exit 1; }
	@touch $@

# A header is compiled alone, by the name that users write.
HEADER_NAME = aiopyr/$(patsubst include/aiopyr/%,%,$*)
$(filter build/check/headers/plugin/%,$(HEADER_STAMPS)): private EXTRA_FLAGS = $(UWSGI_FLAGS)
$(filter build/check/headers/plugin/%,$(HEADER_STAMPS)): | build/uwsgi/uwsgi.h
build/check/headers/%.ok: % tools/compile_flags.txt
	@mkdir -p $(@D)
	@echo "  HEADER $<"
	@echo '#include <$(HEADER_NAME)>' | \
	  $(CXX) $(COMPILE_FLAGS) $(EXTRA_FLAGS) -fsyntax-only -MMD -MP -MF $(@:.ok=.d) -MT $@ -x c++ - || \
	  { echo "$<: does not compile alone: include what it uses" >&2; exit 1; }
	@touch $@

TIDY_FLAGS := $(filter -std=% -Iinclude,$(COMPILE_FLAGS)) $(BATCH_FLAGS) -Wno-unknown-warning-option \
  -include tools/clang14_compat.h
UWSGI_TIDY_STAMPS := $(patsubst %,build/check/tidy/%.ok,$(PLUGIN_BATCHES) $(MINIMAL_PLUGIN))
$(UWSGI_TIDY_STAMPS): private EXTRA_FLAGS = $(UWSGI_FLAGS)
$(UWSGI_TIDY_STAMPS): | build/uwsgi/uwsgi.h
build/check/tidy/%.ok: build/batches/%.cc .clang-tidy
	@mkdir -p $(@D)
	@echo "  TIDY $*"
	@$(CLANG) -MM -MP -MF $(@:.ok=.d) -MT $@ $(TIDY_FLAGS) $(EXTRA_FLAGS) $<
	@$(CLANG_TIDY) --quiet --checks=-bugprone-suspicious-include $< -- $(TIDY_FLAGS) $(EXTRA_FLAGS) \
	  2>$(@:.ok=.log) || { cat $(@:.ok=.log) >&2; exit 1; }
	@touch $@

-include $(HEADER_STAMPS:.ok=.d) $(TIDY_STAMPS:.ok=.d)

.PHONY: check check-includes check-format check-headers check-tidy format
