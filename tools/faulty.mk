# Included by the Makefile: what the tests of faults need beside the server.

# Preloaded into a server, it fails system calls; and an app that ends its worker.
FAULTY := build/tests/faulty_calls.so build/tests/crashing_app.so
FAULTY_SOURCES := $(call find_files,tests/support,*.cc)

build/tests/unit: | $(FAULTY)
functional: $(FAULTY)
check-format: $(FAULTY_SOURCES:%=build/check/format/%.ok)

build/tests/faulty_calls.so: tests/support/faulty/faulty_calls.cc tests/support/faulty/control.h | build/uwsgi/uwsgi.h
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CXX) $(COMPILE_FLAGS) $(UWSGI_FLAGS) -U_FILE_OFFSET_BITS $(CXXFLAGS) -shared -o $@ $< $(LDFLAGS)

build/tests/crashing_app.so: tests/support/faulty/crashing_app.cc | build/aiopyr_plugin.so
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CXX) $(COMPILE_FLAGS) $(CXXFLAGS) -Wno-infinite-recursion -shared -o $@ $< $(LDFLAGS)
