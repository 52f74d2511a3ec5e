# What is asked beyond `make check`, each in a build of its own below build/. Included by the Makefile; docs/testing.md
# says what each is for and what it found.
#
#   make fuzz SECONDS=n every fuzz target, n seconds each (needs clang)
#   make cover          line coverage, as a page in build/cover/html
#
# A check that CI runs too leaves "PASSED FAILED" in build/NAME/results, which ./bootstrap check adds up.

.PHONY: fuzz cover

# ---- coverage ----

cover:
	@$(MAKE) --no-print-directory BUILD=build/cover CFLAGS='-O0 -g' SAN_FLAGS='--coverage -fprofile-update=atomic' tests
	@find build/cover -name '*.gcda' -delete
	@tests/run_tests build/cover || true
	@lcov -q --rc lcov_branch_coverage=0 -c -d build/cover -o build/cover/all.info
	@lcov -q -r build/cover/all.info '/usr/*' '*/build/*' '*/tests/*' -o build/cover/shunt.info
	@genhtml -q -o build/cover/html build/cover/shunt.info && lcov --summary build/cover/shunt.info

# ---- fuzzing: clang's libFuzzer over the same targets that the tests replay the corpora of ----

SECONDS ?= 60
FUZZ_CC ?= clang
FUZZ_CXX ?= clang++
# An empty array's NULL + 0, which clang reports, is harmless, and defined from the next C on.
FUZZ_SAN := -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize=pointer-overflow -fno-sanitize-recover=undefined
fuzz:
	@command -v $(FUZZ_CC) >/dev/null || { echo "make fuzz needs clang" >&2; exit 1; }
	@$(MAKE) --no-print-directory BUILD=build/fuzz CC=$(FUZZ_CC) CXX=$(FUZZ_CXX) CFLAGS='-O1 -g' SAN_FLAGS='$(FUZZ_SAN)' fuzz-programs
	@for t in $(FUZZ_TARGETS); do tests/run_fuzz build/fuzz/$$t $(SECONDS) || exit 1; done
.PHONY: fuzz-programs
fuzz-programs: $(patsubst %,$(BUILD)/%,$(FUZZ_TARGETS))
$(BUILD)/fuzz_%: $(BUILD)/tests/fuzz/fuzz_%.o $(LIB_SUPPORT) $(LIB_CLI) $(LIB_C) $(LIB_A)
	$(call quiet,LD,$@)$(LINK_CXX) -fsanitize=fuzzer -o $@ $^ $(FUZZ_LIBS)
