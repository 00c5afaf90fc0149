# Included by the Makefile: lists the sources, and the batches in which they are compiled, in a third of
# the time (tools/batch_sources.py). $(PLUGIN_BATCHES) and so on name them without folder and suffix:
# `runtime/web/batch1` is build/batches/runtime/web/batch1.cc, and build/obj/runtime/web/batch1.o then.

# These goals build nothing, or start another make for it, so they do not need the lists.
GOALS_WITHOUT_SOURCES := help deps clean demo jobs-demo test test-debian13 test-clang bench
ifneq ($(filter-out $(GOALS_WITHOUT_SOURCES),$(or $(MAKECMDGOALS),all)),)

PLUGIN_SOURCES := $(call find_files,plugin,*.cc)
# In libraries of their own, with which an app links that uses them.
CLIENT_MAIN_SOURCES := $(call find_files,clients,main.cc)
CLIENT_SOURCES := $(filter-out $(CLIENT_MAIN_SOURCES),$(call find_files,clients,*.cc))
CLIENTS := $(filter-out base web,$(sort $(foreach source,$(CLIENT_SOURCES),$(word 2,$(subst /, ,$(source))))))
PRODUCT_SOURCES := $(call find_files,runtime websocket,*.cc)
# Sources for the tests of apps: in the library with which these are linked, not in the plugin.
TESTING_SOURCES := $(filter runtime/web/testing/% websocket/testing/%,$(PRODUCT_SOURCES))
LIBRARY_SOURCES := $(filter-out $(TESTING_SOURCES),$(PRODUCT_SOURCES))

EXAMPLE_TESTS := $(call find_files,examples,*_test.cc)
EXAMPLE_SOURCES := $(filter-out $(EXAMPLE_TESTS),$(call find_files,examples,*.cc))
# Has no app of its own, but what several examples share: they list it in their libraries.txt.
EXAMPLES := $(filter-out examples/shared,$(patsubst %/,%,$(sort $(dir $(wildcard examples/*/*.cc)))))
BENCH_SOURCES := $(call find_files,bench,*.cc)

UNIT_SOURCES := $(call find_files,tests/unit,*.cc)
UNIT_MAIN_SOURCES := $(filter %/main.cc,$(UNIT_SOURCES))
CATCH_SOURCES := $(filter-out %/main.cc,$(UNIT_SOURCES))
# The parts of the examples and benchmarks that can be tested without a server. They are in batches of
# their own, without the entry points beside them.
TESTED_SOURCES := $(addprefix examples/wiki/,connection_pool.cc database.cc schema.cc wiki_text.cc) \
  $(addprefix examples/jobs/,forms.cc ads/paging.cc applications/mail.cc attachments/file_names.cc rates/rate_table.cc) \
  $(addprefix examples/shared/,lines.cc passwords.cc) \
  $(addprefix examples/chat/,layout.cc pages.cc room.cc rooms.cc socket.cc text.cc visitor.cc) \
  $(addprefix bench/load/,http_response.cc measurement.cc sockets.cc websocket.cc)

# The plugin's HTTP/1 server, which unit tests run without uWSGI.
TESTED_PLUGIN_SOURCES := $(call find_files,plugin/connection plugin/io plugin/response,*.cc) \
  $(addprefix plugin/failures/,block_advice.cc repeated_failures.cc) \
  $(addprefix plugin/reloads/,descendants.cc supervisor.cc trial.cc trial_report.cc) \
  $(addprefix plugin/server/,option_list.cc options.cc socket_address.cc socket_traits.cc \
    variable_packet.cc)

# The sources of the objects that fuzzers are linked with: those of the folders with parsers. Coroutines stay
# out: clang 14 makes no code of them for AddressSanitizer.
FUZZED_SOURCES := $(shell grep -LE 'co_await|co_return|runtime/async/' \
  $(filter runtime/base/% runtime/text/% runtime/http1/% runtime/web/% websocket/protocol/%,$(PRODUCT_SOURCES)) \
  $(filter clients/redis/protocol/%,$(CLIENT_SOURCES)) \
  $(filter clients/postgres/values/%,$(CLIENT_SOURCES)) \
  plugin/io/proxy_header.cc)

# One call for all of them, made whenever make starts, so that it notices new and removed sources.
group = --group $1 $2 $($1_SOURCES)
$(shell $(PYTHON) tools/batch_sources.py build/batches $(call group,PLUGIN,.) $(call group,LIBRARY,.) \
  $(call group,TESTING,.) $(call group,EXAMPLE,.) $(call group,BENCH,.) $(call group,UNIT_MAIN,.) \
  $(call group,CLIENT,.) $(call group,CLIENT_MAIN,programs) \
  $(call group,CATCH,.) $(call group,TESTED,tested) \
  $(call group,TESTED_PLUGIN,tested_plugin) $(call group,FUZZED,fuzzed))
ifneq ($(.SHELLSTATUS),0)
$(error tools/batch_sources.py has failed)
endif
include build/batches/batches.mk

BATCHES := $(PLUGIN_BATCHES) $(LIBRARY_BATCHES) $(CLIENT_BATCHES) $(CLIENT_MAIN_BATCHES) $(TESTING_BATCHES) $(EXAMPLE_BATCHES)

endif
