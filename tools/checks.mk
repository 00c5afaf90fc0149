# Included by the Makefile: format, tidy, sources and headers that compile alone, include direction. A stamp
# in build/check records a file that has passed; it is checked again when it or its headers change.

CLANG_FORMAT ?= clang-format-14
# Another compiler than the one of the build, so that the code has no warnings with either.
CHECK_CXX ?= clang++-19
CLANG_TIDY ?= clang-tidy-14

CODE_FOLDERS := plugin runtime websocket clients include examples tests bench
HEADERS := $(call find_files,plugin runtime websocket clients,*.h) $(wildcard include/aiopyr/*.h)
TEST_HEADERS := $(call find_files,examples tests bench,*.h)
FUZZERS := $(call find_files,tests/fuzz,*.cc)
FORMATTED := $(HEADERS) $(TEST_HEADERS) $(PLUGIN_SOURCES) $(PRODUCT_SOURCES) $(CLIENT_SOURCES) $(CLIENT_MAIN_SOURCES) $(EXAMPLE_SOURCES) $(UNIT_SOURCES) $(FUZZERS) \
  $(EXAMPLE_TESTS) $(BENCH_SOURCES)
# Compiles each source alone, without batch and precompiled headers, to find missing includes. Each source
# begins with the header of its name, which is thereby checked too; the other headers are checked alone.
CHECKED_SOURCES := $(PLUGIN_SOURCES) $(PRODUCT_SOURCES) $(CLIENT_SOURCES) $(CLIENT_MAIN_SOURCES) $(EXAMPLE_SOURCES)
SOURCE_STAMPS := $(CHECKED_SOURCES:%=build/check/sources/%.ok)
HEADER_STAMPS := $(patsubst %,build/check/headers/%.ok,$(filter-out $(CHECKED_SOURCES:.cc=.h),$(HEADERS)))
# Runs clang-tidy on batches, as the compiler: that takes a seventh of the time. It skips the tests, which
# are compiled with warnings as errors and run under sanitizers, since it is the slowest check.
TIDY_STAMPS := $(patsubst %,build/check/tidy/%.ok,$(BATCHES) $(BENCH_BATCHES))
FORMAT_STAMPS := $(FORMATTED:%=build/check/format/%.ok)

check: check-includes check-coroutines check-format check-docs check-headers check-sources check-tidy  ## format, docs, tidy, sources and headers alone, include direction
	@echo "All checks passed."

check-includes:
	@$(PYTHON) tools/check_includes.py

# Finds code that g++ 12 miscompiles.
check-coroutines:
	@$(PYTHON) tools/check_coroutines.py $(FORMATTED)

# Checks that the table of options is the plugin's, and that prose ends at column 100.
check-docs: build/aiopyr_plugin.so
	@UWSGI=$(UWSGI) $(PYTHON) tools/option_table.py build --check
	@$(PYTHON) tools/wrap_docs.py --check *.md docs/*.md

check-format: $(FORMAT_STAMPS)

check-headers: $(HEADER_STAMPS)

check-sources: $(SOURCE_STAMPS)

check-tidy: $(TIDY_STAMPS)

format:  ## bring all code into the one format
	$(CLANG_FORMAT) -i $(FORMATTED)

build/check/format/%.ok: % .clang-format
	@mkdir -p $(@D)
	@$(CLANG_FORMAT) --dry-run -Werror $< || { echo "$<: not in the project's format: run make format" >&2; exit 1; }
	@touch $@

UWSGI_USERS := $(filter build/check/headers/plugin/%,$(HEADER_STAMPS)) \
  $(filter build/check/sources/plugin/%,$(SOURCE_STAMPS))
$(UWSGI_USERS): private EXTRA_FLAGS = $(UWSGI_FLAGS)
$(UWSGI_USERS): | build/uwsgi/uwsgi.h
COMPILE_ALONE = $(CHECK_CXX) $(COMPILE_FLAGS) $(if $(call is_clang,$(CHECK_CXX)),$(CLANG_FLAGS)) $(EXTRA_FLAGS) -fsyntax-only -MMD -MP -MF $(@:.ok=.d) -MT $@
SAY_ALONE = { echo "$<: does not compile alone: include what it uses" >&2; exit 1; }

# The header's name in the form that users write.
HEADER_NAME = aiopyr/$(patsubst include/aiopyr/%,%,$*)
build/check/headers/%.ok: % tools/compile_flags.txt | include/aiopyr/abi_hash.h
	@mkdir -p $(@D)
	@echo "  HEADER $<"
	@echo '#include <$(HEADER_NAME)>' | $(COMPILE_ALONE) -x c++ - || $(SAY_ALONE)
	@touch $@

OWN_HEADER = $(addprefix -include aiopyr/,$(filter $(HEADERS),$(<:.cc=.h)))
build/check/sources/%.ok: % tools/compile_flags.txt | include/aiopyr/abi_hash.h
	@mkdir -p $(@D)
	@echo "  SOURCE $<"
	@$(COMPILE_ALONE) $(OWN_HEADER) $< || $(SAY_ALONE)
	@touch $@

TIDY_FLAGS := $(filter -std=% -Iinclude,$(COMPILE_FLAGS)) $(BATCH_FLAGS) -Wno-unknown-warning-option \
  -include tools/clang14_compat.h
UWSGI_TIDY_STAMPS := $(patsubst %,build/check/tidy/%.ok,$(PLUGIN_BATCHES) $(MINIMAL_PLUGIN))
$(UWSGI_TIDY_STAMPS): private EXTRA_FLAGS = $(UWSGI_FLAGS)
$(UWSGI_TIDY_STAMPS): | build/uwsgi/uwsgi.h
build/check/tidy/%.ok: build/batches/%.cc .clang-tidy | include/aiopyr/abi_hash.h
	@mkdir -p $(@D)
	@echo "  TIDY $*"
	@$(CLANG) -MM -MP -MF $(@:.ok=.d) -MT $@ $(TIDY_FLAGS) $(EXTRA_FLAGS) $<
	@$(CLANG_TIDY) --quiet --checks=-bugprone-suspicious-include $< -- $(TIDY_FLAGS) $(EXTRA_FLAGS) \
	  2>$(@:.ok=.log) || { cat $(@:.ok=.log) >&2; exit 1; }
	@touch $@

# Writes clangd's database: one entry per source, with clang's flags. Headers use those of the source beside them.
CLANGD_FLAGS := $(filter-out -Werror,$(COMPILE_FLAGS)) -Wno-unknown-warning-option \
  -include tools/clang14_compat.h
USERS_OF_UWSGI := plugin/% bench/minimal_plugin/% tests/unit/plugin/% tests/support/faulty/%
READ_SOURCES := $(CHECKED_SOURCES) $(EXAMPLE_TESTS) $(UNIT_SOURCES) $(BENCH_SOURCES) $(FUZZERS) \
  $(FAULTY_SOURCES)

compile_commands.json: | build/uwsgi/uwsgi.h  ## how each source is compiled, for clangd
	@$(PYTHON) tools/compile_commands.py \
	  $(CLANGD_FLAGS) -- $(filter-out $(USERS_OF_UWSGI),$(READ_SOURCES)) -- \
	  $(CLANGD_FLAGS) $(UWSGI_FLAGS) -- $(filter $(USERS_OF_UWSGI),$(READ_SOURCES))

-include $(HEADER_STAMPS:.ok=.d) $(SOURCE_STAMPS:.ok=.d) $(TIDY_STAMPS:.ok=.d)

.PHONY: check check-includes check-format check-docs check-headers check-sources check-tidy format compile_commands.json
