# Included by the Makefile: the fuzzers, one for each tests/fuzz/NAME.cc. They are made by clang, for
# libFuzzer, with objects of their own. A fuzzer is linked with the objects of an archive that it uses.

CLANG := clang++-14
FUZZ_SECONDS ?= 10

FUZZ_FLAGS := -Iinclude -iquote . -std=c++20 -O1 -g -include tools/clang14_compat.h \
  -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
FUZZ_PROGRAMS := $(patsubst tests/fuzz/%.cc,build/fuzz/%,$(wildcard tests/fuzz/*.cc))
FUZZ_OBJECTS := $(FUZZED_BATCHES:%=build/fuzz/obj/%.o)

fuzz: $(FUZZ_PROGRAMS)  ## build the fuzzers

# Runs one after another, which makes libFuzzer's findings easier to read. New inputs stay below build/;
# tests/fuzz/corpus/NAME, if it exists, is only read.
fuzz-run: fuzz  ## run each fuzzer for FUZZ_SECONDS=10
	@for fuzzer in $(FUZZ_PROGRAMS); do \
	  name=$$(basename $$fuzzer); \
	  mkdir -p build/fuzz/corpus/$$name build/fuzz/crashes; \
	  echo "  FUZZ $$name"; \
	  $$fuzzer -max_total_time=$(FUZZ_SECONDS) -timeout=10 -verbosity=0 \
	    -artifact_prefix=build/fuzz/crashes/$$name- \
	    build/fuzz/corpus/$$name $$(ls -d tests/fuzz/corpus/$$name 2>/dev/null) \
	    >build/fuzz/$$name.log 2>&1 || { tail -n 80 build/fuzz/$$name.log; exit 1; }; \
	done

# A batch refers to code that is left out, such as fibers, which no fuzzer comes to: one that did would
# crash at once.
build/fuzz/%: build/fuzz/obj/tests/fuzz/%.o build/fuzz/libaiopyr.a
	@echo "  LD $@"
	@$(CLANG) -no-pie -fsanitize=fuzzer,address,undefined -Wl,--unresolved-symbols=ignore-all -o $@ $^ $(LIBRARIES)

build/fuzz/libaiopyr.a: $(FUZZ_OBJECTS)
	@rm -f $@
	@ar rcs $@ $^

define fuzz_object
	@mkdir -p $(@D)
	@echo "  CLANG $(<:build/batches/%.cc=%)"
	@$(CLANG) $(FUZZ_FLAGS) -MMD -MP -c -o $@ $<
endef
build/fuzz/obj/tests/fuzz/%.o: tests/fuzz/%.cc | include/aiopyr/abi_hash.h
	$(fuzz_object)
build/fuzz/obj/fuzzed/%.o: build/batches/fuzzed/%.cc | include/aiopyr/abi_hash.h
	$(fuzz_object)

.PHONY: fuzz fuzz-run

