# Included by the Makefile: the tests.

FILTER ?=
# Tests that start a server, two modules at a time for each core: they wait most of the time.
SERVER_TESTS := --jobs $(shell expr 2 '*' $$(nproc)) --functional tests/functional --functional tests/conformance

UNIT_BATCHES := $(UNIT_MAIN_BATCHES) $(CATCH_BATCHES) $(LIBRARY_BATCHES) $(TESTING_BATCHES) \
  $(CLIENT_BATCHES) $(TESTED_BATCHES) $(TESTED_PLUGIN_BATCHES)
UNIT_LIBRARIES = $(LIBRARIES) $(CLIENT_LIBRARIES) -lhiredis $(call foreign_libraries,wiki) $(CATCH_LIBRARIES)
# Version 3 of Catch2 has other headers, and a main of its own.
ifneq ($(wildcard /usr/include/catch2/catch_all.hpp),)
CATCH_FLAGS := -Itests/catch2_3
CATCH_LIBRARIES := -lCatch2Main -lCatch2
endif

test: deps  ## install what is missing, build, run every test
	@$(MAKE) build/tests/unit test-programs
	@$(PYTHON) tools/run_tests.py --unit build/tests/unit $(SERVER_TESTS)

unit: build/tests/unit  ## the unit tests, or those that FILTER= names
	build/tests/unit $(if $(FILTER),'$(FILTER)')

functional: test-programs  ## the functional and conformance tests, or those whose name holds FILTER=
	@$(PYTHON) tools/run_tests.py $(SERVER_TESTS) --filter '$(FILTER)'

# Programs that the functional tests start, with the app that is compared with the same app in Python's
# Pyramid; tools/faulty.mk and tools/bench.mk add others.
test-programs: all build/tests/pyramid_twin.so build/tests/postgres_values

# A Catch2 program that functional tests run with the address of a real server.
build/tests/postgres_values: tests/support/programs/postgres_values.cc $(UNIT_MAIN_BATCHES:%=build/obj/%.o) \
  build/libaiopyr-postgres.a build/libaiopyr.a build/obj/tests/precompiled.h.gch
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CXX) -include build/obj/tests/precompiled.h $(COMPILE_FLAGS) $(TEST_FLAGS) $(CXXFLAGS) -o $@ $< \
	  $(filter %.o %.a,$^) $(LDFLAGS) $(UNIT_LIBRARIES)

build/tests/pyramid_twin.so: tests/support/twins/pyramid_twin.cc include/aiopyr/abi_hash.h | build/aiopyr_plugin.so
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CXX) $(COMPILE_FLAGS) $(CXXFLAGS) -shared -o $@ $< $(LDFLAGS)

build/tests/unit: $(UNIT_BATCHES:%=build/obj/%.o)
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CXX) -rdynamic -o $@ $^ $(LDFLAGS) $(UNIT_LIBRARIES)

# The headers that every test includes are precompiled, since reading them takes seconds. Catch2's main
# does not use them: it needs another configuration of the header. Test code is not optimized, since it is
# compiled much more often than it is run. Each tree of objects has its own.
TEST_FLAGS := -O0 -g0 $(CATCH_FLAGS)
OBJECT_TREES := build/obj build/asan/obj build/tsan/obj
$(foreach tree,$(OBJECT_TREES),$(UNIT_MAIN_BATCHES:%=$(tree)/%.o)): private EXTRA_FLAGS = $(TEST_FLAGS)
$(foreach tree,$(OBJECT_TREES),$(eval $(CATCH_BATCHES:%=$(tree)/%.o): private PCH_FLAGS = -include $(tree)/tests/precompiled.h))
$(foreach tree,$(OBJECT_TREES),$(eval $(CATCH_BATCHES:%=$(tree)/%.o): private EXTRA_FLAGS = $(TEST_FLAGS)))
$(foreach tree,$(OBJECT_TREES),$(eval $(CATCH_BATCHES:%=$(tree)/%.o): $(tree)/tests/precompiled.h.gch))

build/obj/tests/precompiled.h.gch: private EXTRA_FLAGS = $(TEST_FLAGS)
build/obj/tests/precompiled.h.gch: tools/compile_flags.txt
	$(call precompile,catch2/catch.hpp $(PRECOMPILED))

test-debian13:  ## build and test on Debian 13, in a root below build/debian13 (debootstrap; as root)
	@tools/debian13.sh

test-clang: deps  ## build all with clang 19, in a copy below build/clang; unit tests and the matrix of compilers
	@tools/clang.sh

.PHONY: test unit functional test-programs test-debian13 test-clang
