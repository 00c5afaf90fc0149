# Included by the Makefile: what the tests of faults need beside the server.

# Preloaded into a server, it fails system calls; an app that ends its worker; one that registers
# as much as there is room for; one that tells what it sees of a request.
FAULTY_APPS := build/tests/crashing_app.so build/tests/registering_app.so build/tests/telling_app.so
FAULTY := build/tests/faulty_calls.so $(FAULTY_APPS)
FAULTY_SOURCES := $(call find_files,tests/support,*.cc)

test-programs: $(FAULTY)
check-format: $(FAULTY_SOURCES:%=build/check/format/%.ok)

build/tests/faulty_calls.so: tests/support/faulty/faulty_calls.cc tests/support/faulty/control.h | build/uwsgi/uwsgi.h
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CXX) $(COMPILE_FLAGS) $(UWSGI_FLAGS) -U_FILE_OFFSET_BITS $(CXXFLAGS) -shared -o $@ $< $(LDFLAGS)

$(FAULTY_APPS): build/tests/%.so: tests/support/faulty/%.cc include/aiopyr/abi_hash.h | build/aiopyr_plugin.so
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CXX) $(COMPILE_FLAGS) $(CXXFLAGS) -Wno-infinite-recursion -shared -o $@ $< $(LDFLAGS)
