# Included by the Makefile: programs and apps with which the functional tests try the clients, each linked as one
# of a user would be. tools/sanitizers.mk makes sanitized ones of the same lists.

CLIENT_USERS := tests/support/clients
# A program is a source, or a folder of several; `redis_client` is linked with libaiopyr-redis.a, and so on.
CLIENT_PROGRAMS := $(patsubst $(CLIENT_USERS)/%.cc,%,$(wildcard $(CLIENT_USERS)/*.cc)) \
  $(patsubst $(CLIENT_USERS)/%/main.cc,%,$(wildcard $(CLIENT_USERS)/*/main.cc))
# Apps, hosted by a real uWSGI.
CLIENT_APPS := $(patsubst $(CLIENT_USERS)/hosted/%.cc,%,$(wildcard $(CLIENT_USERS)/hosted/*.cc))

client_of = $(firstword $(subst _, ,$1))
client_needs = $(shell cat clients/$(call client_of,$1)/libraries.txt)
# `redis_faults` and its like make system calls fail, all in the same way.
program_sources = $(wildcard $(CLIENT_USERS)/$1.cc $(CLIENT_USERS)/$1/*.cc) \
  $(if $(filter %_faults,$1),$(wildcard $(CLIENT_USERS)/faults/*.cc))
program_headers = $(wildcard $(CLIENT_USERS)/*.h $(CLIENT_USERS)/$1/*.h) \
  $(if $(filter %_faults,$1),$(wildcard $(CLIENT_USERS)/faults/*.h))

test-programs: $(CLIENT_PROGRAMS:%=build/tests/%) $(CLIENT_APPS:%=build/tests/%.so)

define client_program
build/tests/$1: $(call program_sources,$1) build/libaiopyr-$(call client_of,$1).a build/libaiopyr.a \
    $(call program_headers,$1) include/aiopyr/abi_hash.h
	@mkdir -p $$(@D)
	@echo "  LD $$@"
	@$$(CXX) $$(COMPILE_FLAGS) -O1 -iquote . $$(CXXFLAGS) -rdynamic -o $$@ $$(filter %.cc,$$^) $$(filter %.a,$$^) \
	  $$(LDFLAGS) $$(LIBRARIES) $(call client_needs,$1)
endef
$(foreach program,$(CLIENT_PROGRAMS),$(eval $(call client_program,$(program))))

define client_app
build/tests/$1.so: $(CLIENT_USERS)/hosted/$1.cc build/libaiopyr-$(call client_of,$1).a include/aiopyr/abi_hash.h \
    | build/aiopyr_plugin.so
	@mkdir -p $$(@D)
	@echo "  LD $$@"
	@$$(CXX) $$(COMPILE_FLAGS) $$(CXXFLAGS) -shared -o $$@ $$(filter %.cc,$$^) $$(filter %.a,$$^) $$(LDFLAGS) \
	  $(call client_needs,$1)
endef
$(foreach app,$(CLIENT_APPS),$(eval $(call client_app,$(app))))
