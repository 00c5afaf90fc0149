# Included by the Makefile: programs that the tests of faults need besides the server.

# A library that is preloaded into a server and makes system calls fail; an app that ends its worker; one
# that registers as many timers as there is room for; one that reports its view of a request.
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
