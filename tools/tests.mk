# Included by the Makefile: the tests.

FILTER ?=
# Those that start a server.
SERVER_TESTS := --jobs $(shell nproc) --functional tests/functional --functional tests/conformance

UNIT_SOURCES := $(call find_files,tests/unit,*.cc)
# The tests' main, then the tests.
UNIT_MAIN := $(call batches,$(filter %/main.cc,$(UNIT_SOURCES)))
CATCH_USERS := $(call batches,$(filter-out %/main.cc,$(UNIT_SOURCES)))
# What of the examples and of the benchmarks can be tested without a server, without the entry points
# beside it.
TESTED_EXAMPLES := $(addprefix examples/wiki/,connection_pool.cc database.cc passwords.cc schema.cc wiki_text.cc) \
  $(addprefix examples/chat/,layout.cc pages.cc room.cc rooms.cc socket.cc text.cc visitor.cc) \
  $(addprefix bench/load/,http_response.cc measurement.cc sockets.cc websocket.cc)
TESTED_BATCHES := $(call batches,$(TESTED_EXAMPLES),/tested)
UNIT_BATCHES := $(UNIT_MAIN) $(CATCH_USERS) $(LIBRARY_BATCHES) $(TESTING_BATCHES) $(TESTED_BATCHES)
UNIT_LIBRARIES = $(LIBRARIES) $(call example_libraries,wiki)

test: deps  ## install what is missing, build, run every test
	@$(MAKE) all build/tests/unit
	@$(PYTHON) tools/run_tests.py --unit build/tests/unit $(SERVER_TESTS)

unit: build/tests/unit  ## the unit tests, or those that FILTER= names
	build/tests/unit $(if $(FILTER),'$(FILTER)')

functional: all  ## the functional and conformance tests, or those whose name holds FILTER=
	@$(PYTHON) tools/run_tests.py $(SERVER_TESTS) --filter '$(FILTER)'

build/tests/unit: $(UNIT_BATCHES:%=build/obj/%.o)
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CXX) -rdynamic -o $@ $^ $(LDFLAGS) $(UNIT_LIBRARIES)

# What every test includes takes seconds to read, so it is precompiled. Catch2's main is left out: it
# needs another configuration of that header. Test code is not optimized: it is compiled much more
# often than it is run. The same in each tree of objects.
TEST_FLAGS := -O0 -g0
OBJECT_TREES := build/obj build/asan/obj build/tsan/obj
$(foreach tree,$(OBJECT_TREES),$(UNIT_MAIN:%=$(tree)/%.o)): private EXTRA_FLAGS = $(TEST_FLAGS)
$(foreach tree,$(OBJECT_TREES),$(eval $(CATCH_USERS:%=$(tree)/%.o): private PCH_FLAGS = -include $(tree)/tests/precompiled.h))
$(foreach tree,$(OBJECT_TREES),$(eval $(CATCH_USERS:%=$(tree)/%.o): private EXTRA_FLAGS = $(TEST_FLAGS)))
$(foreach tree,$(OBJECT_TREES),$(eval $(CATCH_USERS:%=$(tree)/%.o): $(tree)/tests/precompiled.h.gch))

build/obj/tests/precompiled.h.gch: private EXTRA_FLAGS = $(TEST_FLAGS)
build/obj/tests/precompiled.h.gch: tools/compile_flags.txt
	$(call precompile,catch2/catch.hpp $(PRECOMPILED))

.PHONY: test unit functional
