# Included by the Makefile: programs with which the functional tests try the clients, each linked as a program of
# a user would be.

CLIENT_PROGRAMS := $(patsubst tests/support/clients/%.cc,build/tests/%,$(wildcard tests/support/clients/*.cc))
test-programs: $(CLIENT_PROGRAMS)

# redis_client is linked with libaiopyr-redis.a, and so on.
program_client = $(firstword $(subst _, ,$(notdir $1)))
.SECONDEXPANSION:
$(CLIENT_PROGRAMS): build/tests/%: tests/support/clients/%.cc build/libaiopyr.a \
    build/libaiopyr-$$(call program_client,$$@).a | include/aiopyr/abi_hash.h
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CXX) $(COMPILE_FLAGS) -O1 -iquote . $(CXXFLAGS) -o $@ $< build/libaiopyr-$(call program_client,$@).a \
	  build/libaiopyr.a $(LDFLAGS) $(LIBRARIES) $(shell cat clients/$(call program_client,$@)/libraries.txt)

# Apps that use a client, hosted by a real uWSGI.
CLIENT_APPS := $(patsubst tests/support/clients/hosted/%.cc,build/tests/%.so,$(wildcard tests/support/clients/hosted/*.cc))
test-programs: $(CLIENT_APPS)
$(CLIENT_APPS): build/tests/%.so: tests/support/clients/hosted/%.cc build/libaiopyr-$$(call program_client,$$@).a \
    include/aiopyr/abi_hash.h | build/aiopyr_plugin.so
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CXX) $(COMPILE_FLAGS) $(CXXFLAGS) -shared -o $@ $< build/libaiopyr-$(call program_client,$@).a $(LDFLAGS) \
	  $(shell cat clients/$(call program_client,$@)/libraries.txt)
