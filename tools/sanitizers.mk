# Included by the Makefile: the tests under sanitizers and valgrind. Each sanitizer has objects of its
# own, below build/asan and build/tsan.

# -Wno-maybe-uninitialized: g++ 12 mistakes the sanitizers' code for reads of uninitialized variables.
ASAN_FLAGS := -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all \
  -Wno-maybe-uninitialized
TSAN_FLAGS := -O1 -fno-omit-frame-pointer -fsanitize=thread -Wno-maybe-uninitialized -Wno-tsan

test-asan: build/asan/tests/unit  ## the unit tests under address and undefined-behaviour sanitizers
	@$(PYTHON) tools/run_tests.py --unit build/asan/tests/unit

# The tests with several threads: the executor, functions for any thread, handles of websockets.
test-tsan: build/tsan/tests/threads  ## those where threads meet, under the thread sanitizer
	@TSAN_OPTIONS='halt_on_error=1 $(TSAN_OPTIONS)' $(PYTHON) tools/run_tests.py --unit build/tsan/tests/threads

functional-asan: asan-all asan-clients build/aiopyr-migrate $(FAULTY) build/tests/pyramid_twin.so $(BENCH_TARGETS)  ## those that start a server, with a sanitized plugin and sanitized apps
	@tools/run_functional_asan.sh '$(FILTER)'

functional-valgrind: all  ## some of those that start a server, under valgrind's memcheck
	@tools/run_functional_valgrind.sh '$(FILTER)'

build/asan/tests/unit: $(UNIT_BATCHES:%=build/asan/obj/%.o)
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CXX) $(ASAN_FLAGS) -rdynamic -o $@ $^ $(LDFLAGS) $(UNIT_LIBRARIES)

THREAD_TESTS := $(UNIT_MAIN_BATCHES) $(filter tests/unit/runtime/async/%,$(CATCH_BATCHES)) \
  $(filter tests/unit/clients/% tests/unit/websocket/batch% tests/unit/support/batch%,$(CATCH_BATCHES))
build/tsan/tests/threads: $(patsubst %,build/tsan/obj/%.o,$(THREAD_TESTS) $(LIBRARY_BATCHES) $(TESTING_BATCHES) \
  $(CLIENT_BATCHES))
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CXX) $(TSAN_FLAGS) -rdynamic -o $@ $^ $(LDFLAGS) $(UNIT_LIBRARIES)

# Plugin and apps that a real uWSGI loads with preloaded sanitizers: see run_functional_asan.sh.
asan-all: build/asan/aiopyr_plugin.so $(EXAMPLES:%=build/asan/%.so)
build/asan/aiopyr_plugin.so: $(patsubst %,build/asan/obj/%.o,$(PLUGIN_BATCHES) $(LIBRARY_BATCHES))
	@echo "  LD $@"
	@$(CXX) $(ASAN_FLAGS) -shared -o $@ $^ $(LDFLAGS) $(LIBRARIES)
$(PLUGIN_BATCHES:%=build/asan/obj/%.o): private EXTRA_FLAGS = $(UWSGI_FLAGS)
$(PLUGIN_BATCHES:%=build/asan/obj/%.o): build/uwsgi/uwsgi.h
$(foreach app,$(EXAMPLES),$(eval build/asan/$(app).so: $(patsubst %,build/asan/obj/%.o,$(call example_batches,$(app)))))
$(foreach app,$(EXAMPLES),$(eval build/asan/$(app).so: $(call find_files,$(app)/templates $(app)/static,*)))
$(foreach app,$(EXAMPLES),$(eval build/asan/$(app).so: $(patsubst %,build/asan/obj/%.o,$(sort \
  $(foreach client,$(call example_clients,$(notdir $(app))),$(call client_batches,$(client)))))))
build/asan/examples/%.so:
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CXX) $(ASAN_FLAGS) -shared -o $@ $(filter %.o,$^) $(LDFLAGS) $(call foreign_libraries,$*)
	@tools/bundle.sh examples/$* build/asan/examples/$*

# The programs and the apps of tools/clients.mk.
asan-clients: $(CLIENT_PROGRAMS:%=build/asan/tests/%) $(CLIENT_APPS:%=build/asan/tests/%.so)
asan_objects = $(patsubst %,build/asan/obj/%.o,$1)
# $1: what is made, $2: its client, $3: its sources, $4: objects beside the client's, $5: link flags
define asan_client
build/asan/tests/$1: $3 $(call asan_objects,$(call client_batches,$2) $4)
	@mkdir -p $$(@D)
	@echo "  LD $$@"
	@$$(CXX) $$(COMPILE_FLAGS) $$(ASAN_FLAGS) -iquote . -o $$@ $$(filter %.cc %.o,$$^) $$(LDFLAGS) $5 \
	  $(call client_needs,$2)
endef
$(foreach program,$(CLIENT_PROGRAMS),$(eval $(call asan_client,$(program),$(call client_of,$(program)),\
  $(call program_sources,$(program)),$(LIBRARY_BATCHES) $(TESTING_BATCHES),-rdynamic $(LIBRARIES))))
$(foreach app,$(CLIENT_APPS),$(eval $(call asan_client,$(app).so,$(call client_of,$(app)),\
  $(CLIENT_USERS)/hosted/$(app).cc,,-shared)))

# $1: a tree below build/, $2: the flags of its sanitizer
define sanitized_tree
$(BATCHES:%=build/$1/obj/%.o): private PCH_FLAGS = -include build/$1/obj/precompiled.h
$(BATCHES:%=build/$1/obj/%.o): build/$1/obj/precompiled.h.gch
build/$1/obj/precompiled.h.gch: private EXTRA_FLAGS = $2
build/$1/obj/precompiled.h.gch: tools/compile_flags.txt
	$$(call precompile,$$(PRECOMPILED))
build/$1/obj/tests/precompiled.h.gch: private EXTRA_FLAGS = $2 $$(TEST_FLAGS)
build/$1/obj/tests/precompiled.h.gch: tools/compile_flags.txt
	$$(call precompile,catch2/catch.hpp $$(PRECOMPILED))

build/$1/obj/%.o: build/batches/%.cc tools/compile_flags.txt | include/aiopyr/abi_hash.h
	@mkdir -p $$(@D)
	@echo "  CXX ($1) $$*"
	@$$(CXX) $$(PCH_FLAGS) $$(COMPILE_FLAGS) $$(BATCH_FLAGS) $2 $$(EXTRA_FLAGS) $$(CXXFLAGS) -MMD -MP -c -o $$@ $$<
endef
$(eval $(call sanitized_tree,asan,$(ASAN_FLAGS)))
$(eval $(call sanitized_tree,tsan,$(TSAN_FLAGS)))

.PHONY: test-asan test-tsan functional-asan functional-valgrind asan-all asan-clients
