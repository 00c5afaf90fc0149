# Included by the Makefile: programs and apps with which the functional tests try the clients, each linked as one
# of a user would be.

CLIENT_PROGRAMS := $(patsubst tests/support/clients/%.cc,build/tests/%,$(wildcard tests/support/clients/*.cc))
# Apps, hosted by a real uWSGI.
CLIENT_APPS := $(patsubst tests/support/clients/hosted/%.cc,build/tests/%.so,$(wildcard tests/support/clients/hosted/*.cc))
test-programs: $(CLIENT_PROGRAMS) $(CLIENT_APPS)

# redis_client is linked with libaiopyr-redis.a, and so on.
client_of = $(firstword $(subst _, ,$(notdir $1)))
client_library = build/libaiopyr-$(call client_of,$1).a
client_needs = $(shell cat clients/$(call client_of,$1)/libraries.txt)
$(foreach user,$(CLIENT_PROGRAMS) $(CLIENT_APPS),$(eval $(user): $(call client_library,$(user))))

$(CLIENT_PROGRAMS): build/tests/%: tests/support/clients/%.cc build/libaiopyr.a include/aiopyr/abi_hash.h
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CXX) $(COMPILE_FLAGS) -O1 -iquote . $(CXXFLAGS) -o $@ $< $(call client_library,$@) build/libaiopyr.a \
	  $(LDFLAGS) $(LIBRARIES) $(call client_needs,$@)

$(CLIENT_APPS): build/tests/%.so: tests/support/clients/hosted/%.cc include/aiopyr/abi_hash.h | build/aiopyr_plugin.so
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CXX) $(COMPILE_FLAGS) $(CXXFLAGS) -shared -o $@ $< $(call client_library,$@) $(LDFLAGS) \
	  $(call client_needs,$@)
