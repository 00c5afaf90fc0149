# Included by the Makefile: the tests.

FILTER ?=
# Those that start a server.
SERVER_TESTS := --jobs $(shell nproc) --functional tests/functional --functional tests/conformance

UNIT_SOURCES := $(call find_files,tests/unit,*.cc)
# The tests' main, then the tests.
UNIT_MAIN := $(call batches,$(filter %/main.cc,$(UNIT_SOURCES)))
CATCH_USERS := $(call batches,$(filter-out %/main.cc,$(UNIT_SOURCES)))
# What of the examples can be tested without a server, without the entry points beside it.
TESTED_EXAMPLES := $(addprefix examples/wiki/,connection_pool.cc database.cc passwords.cc schema.cc wiki_text.cc) \
  $(addprefix examples/chat/,layout.cc pages.cc room.cc rooms.cc socket.cc text.cc visitor.cc)
TESTED_BATCHES := $(call batches,$(TESTED_EXAMPLES),/tested)
UNIT_BATCHES := $(UNIT_MAIN) $(CATCH_USERS) $(LIBRARY_BATCHES) $(TESTING_BATCHES) $(TESTED_BATCHES)
UNIT_LIBRARIES = $(LIBRARIES) $(call example_libraries,wiki)
# g++ 12 takes what the sanitizers add for reads of uninitialized variables.
ASAN_FLAGS := -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all \
  -Wno-maybe-uninitialized

test: deps  ## install what is missing, build, run every test
	@$(MAKE) all build/tests/unit
	@$(PYTHON) tools/run_tests.py --unit build/tests/unit $(SERVER_TESTS)

unit: build/tests/unit  ## the unit tests, or those that FILTER= names
	build/tests/unit $(if $(FILTER),'$(FILTER)')

test-asan: build/asan/tests/unit  ## the unit tests under address and undefined-behaviour sanitizers
	@$(PYTHON) tools/run_tests.py --unit build/asan/tests/unit

functional-asan: asan-all  ## those that start a server, with a sanitized plugin and sanitized apps
	@tools/run_functional_asan.sh '$(FILTER)'

functional: all  ## the functional and conformance tests, or those whose name holds FILTER=
	@$(PYTHON) tools/run_tests.py $(SERVER_TESTS) --filter '$(FILTER)'

build/tests/unit: $(UNIT_BATCHES:%=build/obj/%.o)
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CXX) -rdynamic -o $@ $^ $(LDFLAGS) $(UNIT_LIBRARIES)

build/asan/tests/unit: $(UNIT_BATCHES:%=build/asan/obj/%.o)
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CXX) $(ASAN_FLAGS) -rdynamic -o $@ $^ $(LDFLAGS) $(UNIT_LIBRARIES)

# A real uWSGI loads these with the sanitizers' libraries preloaded: see run_functional_asan.sh.
asan-all: build/asan/aiopyr_plugin.so $(EXAMPLES:%=build/asan/%.so)
build/asan/aiopyr_plugin.so: $(patsubst %,build/asan/obj/%.o,$(PLUGIN_BATCHES) $(LIBRARY_BATCHES))
	@echo "  LD $@"
	@$(CXX) $(ASAN_FLAGS) -shared -o $@ $^ $(LDFLAGS) $(LIBRARIES)
$(PLUGIN_BATCHES:%=build/asan/obj/%.o): private EXTRA_FLAGS = $(UWSGI_FLAGS)
$(PLUGIN_BATCHES:%=build/asan/obj/%.o): | build/uwsgi/uwsgi.h
$(foreach app,$(EXAMPLES),$(eval build/asan/$(app).so: $(patsubst %,build/asan/obj/%.o,$(filter $(app)/%,$(EXAMPLE_BATCHES)))))
$(foreach app,$(EXAMPLES),$(eval build/asan/$(app).so: $(call find_files,$(app)/templates $(app)/static,*)))
build/asan/examples/%.so:
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CXX) $(ASAN_FLAGS) -shared -o $@ $(filter %.o,$^) $(LDFLAGS) $(call example_libraries,$*)
	@tools/bundle.sh examples/$* build/asan/examples/$*

# What every test includes takes seconds to read, so it is precompiled. Catch2's main is left out: it
# needs another configuration of that header. Test code is not optimized: it is compiled much more
# often than it is run.
TEST_FLAGS := -O0 -g0
$(foreach tree,build/obj build/asan/obj,$(UNIT_MAIN:%=$(tree)/%.o)): private EXTRA_FLAGS = $(TEST_FLAGS)
$(foreach tree,build/obj build/asan/obj,$(eval $(CATCH_USERS:%=$(tree)/%.o): private PCH_FLAGS = -include $(tree)/tests/precompiled.h))
$(foreach tree,build/obj build/asan/obj,$(eval $(CATCH_USERS:%=$(tree)/%.o): private EXTRA_FLAGS = $(TEST_FLAGS)))
$(foreach tree,build/obj build/asan/obj,$(eval $(CATCH_USERS:%=$(tree)/%.o): $(tree)/tests/precompiled.h.gch))

build/obj/tests/precompiled.h.gch: private EXTRA_FLAGS = $(TEST_FLAGS)
build/asan/obj/tests/precompiled.h.gch: private EXTRA_FLAGS = $(ASAN_FLAGS) $(TEST_FLAGS)
build/obj/tests/precompiled.h.gch build/asan/obj/tests/precompiled.h.gch: tools/compile_flags.txt
	$(call precompile,catch2/catch.hpp $(PRECOMPILED))

$(BATCHES:%=build/asan/obj/%.o): private PCH_FLAGS = -include build/asan/obj/precompiled.h
$(BATCHES:%=build/asan/obj/%.o): build/asan/obj/precompiled.h.gch
build/asan/obj/precompiled.h.gch: private EXTRA_FLAGS = $(ASAN_FLAGS)
build/asan/obj/precompiled.h.gch: tools/compile_flags.txt
	$(call precompile,$(PRECOMPILED))

build/asan/obj/%.o: build/batches/%.cc tools/compile_flags.txt
	@mkdir -p $(@D)
	@echo "  CXX (sanitized) $*"
	@$(CXX) $(PCH_FLAGS) $(COMPILE_FLAGS) $(BATCH_FLAGS) $(ASAN_FLAGS) $(EXTRA_FLAGS) $(CXXFLAGS) -MMD -MP -c -o $@ $<

.PHONY: test unit test-asan functional functional-asan asan-all
