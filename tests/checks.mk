# What is asked beyond `make check`, each in a build of its own below build/. Included by the Makefile; docs/testing.md
# says what each is for and what it found.
#
#   make fuzz SECONDS=n every fuzz target, n seconds each, JOBS at a time (needs clang)
#   make faults         every allocation and every call of a file fails in turn: what make check samples
#   make cover          line and branch coverage by folder; what is left is listed in build/cover/uncovered (needs lcov)
#   make mutate COUNT=500 SEED=1
#                       how many single breaks of runtime/ the quick tests notice (needs python3)
#   make lint           static analysis (needs clang-tidy, cppcheck, shellcheck)
#   make slow           inputs made to be slow, with what each costs in operations (part of make check)
#   make tsan           what runs several threads, under ThreadSanitizer
#   make cross CROSS="i386 s390x"
#                       the runtime, the compiler and the program on processors of 32 bits and of the other byte order
#   make cross-quick    a small part of it
#   make reproducible   two builds and two packages by other users, elsewhere, in other languages: the same bytes
#   make environments   answers in other languages, time zones, under another umask
#
# A check that CI runs too leaves "PASSED FAILED" in build/NAME/results, which ./bootstrap check adds up.

.PHONY: fuzz cover cover-build mutate faults slow

# ---- faults: each of what make check makes a sample of ----

faults:
	@$(MAKE) --no-print-directory WERROR=1 tests
	@mkdir -p build/faults && for t in memory calls power; do \
	  SHUNT_FAULT_STEP=1 SHUNT=$(CURDIR)/$(PROGRAM) BUILD=$(BUILD) bash tests/fault/test_$$t.sh; done | tee build/faults/log
	@echo "$$(grep -c '^ok ' build/faults/log) $$(grep -c '^not ok ' build/faults/log)" >build/faults/results
	@! grep -q '^not ok ' build/faults/log

# ---- coverage: of the plain tests, without optimization, so that a branch of the source is one of the program ----

COVER := BUILD=build/cover CFLAGS='-O0 -g' SAN_FLAGS='--coverage -fprofile-update=atomic' LEMON_FLAGS=-c
cover: cover-build
	@find build/cover -name '*.gcda' -delete
	@status=0; SHUNT_RANDOM_SEEDS=100 SHUNT_FAULT_STEP=5 SHUNT_TEST_SECONDS=3600 tests/run_tests build/cover || status=1; tests/cover/report build/cover || status=1; \
	genhtml -q --branch-coverage -o build/cover/html build/cover/shunt.info && echo "as pages: build/cover/html"; exit $$status
cover-build: $(LIB_A)
	@$(MAKE) --no-print-directory $(COVER) tests
# What tests are made of is not counted, and is the quicker for it.
ifneq ($(findstring --coverage,$(SAN_FLAGS)),)
$(BUILD)/tests/%.o: override private SAN_FLAGS :=
$(BUILD)/tests/%.o: override private CFLAGS := -O2 -g
# Operations are counted of code as it ships.
$(BUILD)/counted/%.o: override private SAN_FLAGS :=
$(BUILD)/counted/%.o: override private CFLAGS := -O2 -g
endif

# ---- fuzzing: clang's libFuzzer over the same targets that the tests replay the corpora of ----

# SECONDS for each; or CPU_SECONDS=600: until each has had so much of the processor since it last found something. JOBS at a
# time. Findings and what was learnt stay in build/fuzz (tests/run_fuzz).
SECONDS ?= 60
JOBS ?= 1
FUZZ_CC ?= clang
FUZZ_CXX ?= clang++
# An empty array's NULL + 0, which clang reports, is harmless, and defined from the next C on.
FUZZ_SAN := -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize=pointer-overflow -fno-sanitize-recover=undefined
FUZZ_MAKE = $(MAKE) --no-print-directory BUILD=build/fuzz CC=$(FUZZ_CC) CXX=$(FUZZ_CXX) CFLAGS='-O1 -g' SAN_FLAGS='$(FUZZ_SAN)'
fuzz: all
	@command -v $(FUZZ_CC) >/dev/null || { echo "make fuzz needs clang" >&2; exit 1; }
	@$(FUZZ_MAKE) fuzz-programs
	@tests/fuzz/seeds build/fuzz $(PROGRAM)
	@tests/run_fuzz --all $(SECONDS) $(JOBS) $(FUZZ_TARGETS:%=build/fuzz/%)
.PHONY: fuzz-programs
fuzz-programs: $(patsubst %,$(BUILD)/%,$(FUZZ_TARGETS)) $(patsubst %,$(BUILD)/%.dict,$(FUZZ_TARGETS))
$(BUILD)/fuzz_%: $(BUILD)/tests/fuzz/fuzz_%.o $(FUZZ_PARTS)
	$(call quiet,LD,$@)$(FUZZ_LINK) -fsanitize=fuzzer -o $@ $^ $(FUZZ_LIBS)
$(BUILD)/fuzz_%.dict: tests/fuzz/dictionary force
	@mkdir -p $(@D) && tests/fuzz/dictionary fuzz_$* >$@

# ---- threads: the program and what runs several of them, under ThreadSanitizer ----

# A page's example is what is tested, not a copy of it.
$(BUILD)/gen/current.c: docs/embedding.md
	@mkdir -p $(@D) && sed -n '/^```c file=current.c$$/,/^```$$/{/^```/!p}' $< >$@
$(BUILD)/tests/threads/test_swap.o: $(BUILD)/gen/current.c
$(BUILD)/tests/threads/test_swap.o: private INC_tests += -idirafter runtime

TSAN_PROGRAMS := $(patsubst %.c,$(BUILD)/%,$(filter tests/threads/%,$(TEST_SRCS)))
.PHONY: tsan tsan-programs
tsan-programs: $(PROGRAM) $(TSAN_PROGRAMS)
tsan:
	@$(MAKE) --no-print-directory -k BUILD=build/tsan CFLAGS='-O1 -g' SAN_FLAGS='-fsanitize=thread' WERROR=1 tsan-programs || true
	@tests/run_tests --only threads build/tsan

# ---- mutation: breaks of the runtime, and what the quick tests say to them ----

COUNT ?= 500
SEED ?= 1
mutate:
	@nice -n 10 tests/mutate/run.py --count $(COUNT) --seed $(SEED)
# How a file of the runtime is compiled, and the library linked, for it.
print-runtime:
	@echo '$(COMPILE_C)'; echo '$(LINK_C)'; echo '$(RUNTIME_LIBS)'
.PHONY: print-runtime

# ---- other processors, other places ----

CROSS ?= i386 s390x
.PHONY: cross cross-quick reproducible environments
cross cross-quick:
	@mkdir -p build/$@ && rm -f build/$@/results $(CROSS:%=build/$@/%/run/results)
	@for a in $(CROSS); do tests/cross/fetch $$a build/cross/$$a & done; wait
	@status=0; for a in $(CROSS); do tests/cross/run $$a $(or $(HOW),$(patsubst cross-%,%,$(filter cross-%,$@))) || status=1; done; \
	for a in $(CROSS); do cat build/$@/$$a/run/results || echo 0 1; done | \
	awk '{ p += $$1; f += $$2 } END { print p + 0, f + 0 }' >build/$@/results; exit $$status
reproducible:
	@tests/reproducible/run
environments: all tests
	@tests/environments/run $(BUILD)

# ---- static analysis ----

.PHONY: lint
lint: $(GEN_C)
	@tests/run_lint $(BUILD)

# ---- operations counted: the program with a counter in each of its blocks (tests/ops) ----

# Not of a build that has flags of its own, or lies below another: one is enough.
OPS := $(if $(SAN_FLAGS)$(findstring /,$(BUILD)),,$(BUILD)/ops/counting)
OPS_WRAPPED := memcpy memmove memset memcmp memchr strlen vsnprintf getauxval yaml_parser_parse sqlite3_step
tests: $(OPS)
$(BUILD)/ops/counting: force
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/ops CFLAGS='-O1 -U_FORTIFY_SOURCE -DARENA_SLABS=0 -DSMALL_BLOCKS=0' \
	  SAN_FLAGS='-fsanitize-coverage=trace-pc' ops-program
slow: tests
	@SHUNT=$(BUILD)/shunt SLOW_SHOW=1 $(BUILD)/tests/ops/test_slow
.PHONY: ops-program
ops-program: $(BUILD)/counting
$(BUILD)/counting: $(BUILD)/cli/main.o $(BUILD)/count.o $(LIB_CLI) $(LIB_C) $(LIB_A)
	$(call quiet,LD,$@)$(LINK_CXX) $(addprefix -Wl$(comma)--wrap=,$(OPS_WRAPPED)) -o $@ $^ $(PROGRAM_LIBS)
$(BUILD)/count.o: tests/ops/count.c $(BUILD)/flags
	$(call quiet,CC,$<)$(CC) $(OWN_CPPFLAGS) $(OWN_CFLAGS) -O1 -fno-builtin -c -o $@ $<
