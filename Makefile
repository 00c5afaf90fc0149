# The build of aiopyr. `make help` lists the targets; everything built goes to build/.

VERSION := 0.1.0
UWSGI ?= uwsgi
CXX := g++
PYTHON := /usr/bin/python3

# Builds in parallel by default; a -j on the command line overrides that.
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc)
endif
MAKEFLAGS += --no-print-directory --no-builtin-rules
.DELETE_ON_ERROR:
.SECONDARY:

# One list of flags for make and for uwsgiplugin.py.
COMPILE_FLAGS := -Iinclude $(shell cat tools/compile_flags.txt)
# clang warns of deprecated functions that the C++ library itself uses (std::stable_sort of version 12).
CLANG_FLAGS := -Wno-deprecated-declarations
is_clang = $(findstring clang,$1)
COMPILE_FLAGS += $(if $(call is_clang,$(CXX)),$(CLANG_FLAGS))
LIBRARIES := $(shell cat tools/libraries.txt)
# Of the clients: clients/NAME/libraries.txt lists those of one.
CLIENT_LIBRARIES := $(shell cat clients/*/libraries.txt 2>/dev/null)

# Finds the files below the folders $1 whose names match $2.
find_files = $(sort $(shell find $1 -name '$2' 2>/dev/null))

include tools/sources.mk

objects = $(1:%=build/obj/%.o)
BATCH_FLAGS := -iquote . $(if $(call is_clang,$(CXX)),,-Wno-subobject-linkage)

all: build/aiopyr_plugin.so build/libaiopyr.a build/aiopyr-migrate $(CLIENTS:%=build/libaiopyr-%.a) \
  $(EXAMPLES:%=build/%.so)  ## the plugin, its libraries, aiopyr-migrate and every example (the default)

help:  ## this list
	@sed -nE 's/^([a-z_.-]+):[^#]*## (.*)/\1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'

deps:  ## install the Debian packages that are missing
	@tools/deps.sh

demo:  ## build, then serve configs/tutorial.ini on http://127.0.0.1:$AIOPYR_PORT (6543)
	@tools/deps.sh build
	@$(MAKE) all
	@exec $(UWSGI) --ini configs/tutorial.ini

soak: all  ## ten minutes of 5,000 websockets that behave badly; SOAK="--connections 500 --seconds 30"
	@$(PYTHON) bench/websocket_soak.py $(SOAK)

install: build/aiopyr_plugin.so build/libaiopyr.a build/aiopyr-migrate  ## headers, plugin, aiopyr-migrate, library for tests and pkg-config files: PREFIX=/usr, DESTDIR=, PLUGIN_DIR=
	@VERSION=$(VERSION) UWSGI=$(UWSGI) tools/install.sh

clean:  ## remove what was built
	rm -rf build

# --- The plugin and the examples

build/aiopyr_plugin.so: $(call objects,$(PLUGIN_BATCHES) $(LIBRARY_BATCHES))
	@echo "  LD $@"
	@$(CXX) -shared -o $@ $^ $(LDFLAGS) $(LIBRARIES)
	@UWSGI=$(UWSGI) tools/check_symbols.sh $@

# Everything except the plugin: tests of apps are linked with it.
build/libaiopyr.a: $(call objects,$(LIBRARY_BATCHES) $(TESTING_BATCHES))
	@mkdir -p $(@D)
	@echo "  AR $@"
	@rm -f $@ && $(AR) rcs $@ $^

# A library for each client, for the apps that use it. The plugin's own symbols stay open: an app finds
# them in the plugin, a test of an app in libaiopyr.a.
# clients/web/NAME ties a client to the web layer.
client_batches = $(filter clients/base/% clients/$1/% clients/web/$1/%,$(CLIENT_BATCHES))
$(foreach client,$(CLIENTS),$(eval build/libaiopyr-$(client).a: $(call objects,$(call client_batches,$(client)))))
build/libaiopyr-%.a:
	@mkdir -p $(@D)
	@echo "  AR $@"
	@rm -f $@ && $(AR) rcs $@ $^

build/aiopyr-migrate: $(call objects,$(filter programs/clients/postgres/%,$(CLIENT_MAIN_BATCHES))) \
  build/libaiopyr-postgres.a build/libaiopyr.a
	@echo "  LD $@"
	@$(CXX) -o $@ $^ $(LDFLAGS) -Wl,--as-needed $(shell cat clients/postgres/libraries.txt) $(LIBRARIES)

# An app that needs libraries of its own lists them in libraries.txt: among them may be our clients, as
# -laiopyr-redis, which brings the libraries that it needs, and examples/shared, whose sources it takes.
example_libraries = $(shell cat examples/$1/libraries.txt 2>/dev/null)
example_clients = $(patsubst -laiopyr-%,%,$(filter -laiopyr-%,$(call example_libraries,$1)))
foreign_libraries = $(filter-out -laiopyr-% examples/%,$(call example_libraries,$1)) \
  $(foreach client,$(call example_clients,$1),$(shell cat clients/$(client)/libraries.txt))
example_folders = examples/$1 $(filter examples/%,$(call example_libraries,$1))
example_batches = $(filter $(addsuffix /%,$(call example_folders,$(notdir $1))),$(EXAMPLE_BATCHES))

# An app leaves our symbols open: uWSGI loads the plugin with RTLD_GLOBAL.
$(foreach app,$(EXAMPLES),$(eval build/$(app).so: $(call objects,$(call example_batches,$(app)))))
$(foreach app,$(EXAMPLES),$(eval build/$(app).so: $(call find_files,$(app)/templates $(app)/static,*)))
$(foreach app,$(EXAMPLES),$(eval build/$(app).so: $(wildcard $(app)/libraries.txt)))
$(foreach app,$(EXAMPLES),$(eval build/$(app).so: \
  $(patsubst %,build/libaiopyr-%.a,$(call example_clients,$(notdir $(app))))))
build/examples/%.so: | build/aiopyr_plugin.so
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CXX) -shared -o $@ $(filter %.o %.a,$^) $(LDFLAGS) $(call foreign_libraries,$*)
	@UWSGI=$(UWSGI) tools/check_symbols.sh $@ build/aiopyr_plugin.so
	@tools/bundle.sh examples/$* build/examples/$*

# The headers that nearly every source reads, precompiled. Sources include what they use nevertheless:
# uwsgiplugin.py and clang-tidy read them without it.
PRECOMPILED := algorithm any chrono coroutine functional map memory optional string string_view \
  utility variant vector nlohmann/json.hpp
$(call objects,$(BATCHES)): private PCH_FLAGS = -include build/obj/precompiled.h
$(call objects,$(BATCHES)): build/obj/precompiled.h.gch

# $1: the headers
define precompile
	@mkdir -p $(@D)
	@printf '#include <%s>\n' $1 > $(@:.gch=)
	@$(CXX) $(COMPILE_FLAGS) $(EXTRA_FLAGS) $(CXXFLAGS) -x c++-header -o $@ $(@:.gch=)
endef

build/obj/precompiled.h.gch: tools/compile_flags.txt
	$(call precompile,$(PRECOMPILED))

# Expanded when a recipe runs, since the file exists only then.
UWSGI_FLAGS = $(shell cat build/uwsgi/flags.txt)
$(call objects,$(PLUGIN_BATCHES)): private EXTRA_FLAGS = $(UWSGI_FLAGS)
$(call objects,$(PLUGIN_BATCHES)): build/uwsgi/uwsgi.h
build/obj/%.o: build/batches/%.cc tools/compile_flags.txt | include/aiopyr/abi_hash.h
	@mkdir -p $(@D)
	@echo "  CXX $*"
	@$(CXX) $(PCH_FLAGS) $(COMPILE_FLAGS) $(BATCH_FLAGS) $(EXTRA_FLAGS) $(CXXFLAGS) -MMD -MP -c -o $@ $<

# Written only when a public header has changed: tools/abi_hash.py.
include/aiopyr/abi_hash.h: FORCE
	@tools/abi_hash.py
.PHONY: FORCE

# uWSGI's header and the macros that it was built with come from the binary itself. Written only when
# they have changed: for another UWSGI.
build/uwsgi/uwsgi.h: FORCE
	@UWSGI=$(UWSGI) tools/uwsgi_header.sh $(@D)

include tools/tests.mk tools/clients.mk tools/faulty.mk tools/bench.mk tools/jobs.mk tools/sanitizers.mk tools/fuzz.mk tools/checks.mk
-include $(call find_files,build/obj build/asan build/tsan build/fuzz,*.d)

.PHONY: all help deps demo soak install clean
