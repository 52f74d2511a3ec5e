# Builds shunt out of tree: objects, libraries and the program go to $(BUILD) (build/), nothing else is touched.
#
#   make                the program, both libraries, the pkg-config file
#   make check          every test, plain and under ASan and UBSan; one summary line at the end
#   make bless          writes the expected outputs of tests/golden and docs/diagnostics.md anew: review the diff
#   make bench          bytes a rule, nanoseconds a ticket and an event: bench/README.md
#   make peers          the same workload in other engines
#   make fuzz, cover …  what is asked beyond make check: tests/checks.mk
#   make asan           the program and the tests with sanitizers, in build/asan
#   make install        PREFIX and DESTDIR as usual; uninstall, clean and dist too
#
# CC CXX CFLAGS CXXFLAGS CPPFLAGS LDFLAGS are the builder's: what the code needs stands before them and is never
# replaced. WERROR=1 makes warnings errors. docs/building.md says more.

BUILD ?= build
PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
LIBDIR ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
DATADIR ?= $(PREFIX)/share
INSTALL ?= install
LEMON ?= lemon
LEMON_TEMPLATE ?= /usr/share/lemon/lempar.c
AR ?= ar
CFLAGS ?= -O2 -g
CXXFLAGS ?= $(CFLAGS)
V ?= 0
comma := ,

version_part = $(shell sed -n 's/^\#define SHUNT_VERSION_$(1) //p' runtime/shunt.h)
MAJOR := $(call version_part,MAJOR)
VERSION := $(MAJOR).$(call version_part,MINOR).$(call version_part,PATCH)
SONAME := libshunt.so.$(MAJOR)

# ---- flags ----

WARN := -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion
WARN_C := $(WARN) -Wstrict-prototypes -Wmissing-prototypes
ifdef WERROR
WARN_ERROR := -Werror
endif
# Hardened by default (docs/decisions/0017-hardening.md). These stand before the builder's flags: -fno-… takes one back, HARDEN=no all.
# Not with sanitizers, which look for the same and more; what fortifies needs the optimiser, and is left to who asks for it himself.
HARDEN ?= yes
MACHINE := $(shell $(CC) -dumpmachine)
ifneq ($(SAN_FLAGS),)
# Sanitizers and coverage write files and ask the system things at the end.
HARDEN_CPPFLAGS := -DSHUNT_NO_SANDBOX
endif
ifeq ($(HARDEN)$(SAN_FLAGS),yes)
HARDEN_CFLAGS := -fstack-protector-strong -fstack-clash-protection
ifneq ($(filter x86_64-% i%86-%,$(MACHINE)),)
HARDEN_CFLAGS += -fcf-protection
endif
ifeq ($(findstring _FORTIFY_SOURCE,$(CPPFLAGS) $(CFLAGS)),)
HARDEN_CPPFLAGS := $(if $(filter-out -O0,$(filter -O%,$(CFLAGS))),-D_FORTIFY_SOURCE=2)
endif
HARDEN_LDFLAGS := -Wl,-z,relro,-z,now,-z,noexecstack
HARDEN_PROGRAM := -pie
endif
# The fast reader of JSON (cli/json_kind.h): loaded when there is much to read; linked, where sanitizers look for all that there is;
# or no, where Debian's simdjson reads numbers wrongly (docs/decisions/0001-json.md).
SIMDJSON_IS_RIGHT := $(shell printf '%s\n' '\#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ && !defined(__i386__)' yes '\#endif' | $(CC) -E -P -)
FAST_LINES ?= $(if $(SIMDJSON_IS_RIGHT),$(if $(SAN_FLAGS),linked,loaded),no)
LINES_CPPFLAGS := $(if $(filter linked,$(FAST_LINES)),-DSHUNT_LINES_LINKED)$(if $(filter no,$(FAST_LINES)),-DSHUNT_LINES_PLAIN)
# Files and times of 64 bits on processors of 32, too.
OWN_CPPFLAGS := -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700 -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64 -MMD -MP $(HARDEN_CPPFLAGS) $(LINES_CPPFLAGS)
# Where it is built leaves no trace: places in debug information begin here (those of coverage are looked up).
HERE := $(if $(findstring --coverage,$(SAN_FLAGS)),,-ffile-prefix-map=$(CURDIR)=.)
# Where i386 would compute doubles in longer registers, and round them twice: the answers are the same everywhere.
ifneq ($(filter i%86-%,$(MACHINE)),)
ROUND_ONCE := -msse2 -mfpmath=sse
endif
OWN_CFLAGS := -std=c11 -fPIC $(ROUND_ONCE) $(HERE) $(WARN_C) $(HARDEN_CFLAGS)
# The C++ files are faces of libraries: no exception is made in them.
OWN_CXXFLAGS := -std=c++17 -fPIC $(ROUND_ONCE) $(HERE) -fno-exceptions -fno-rtti $(WARN) $(HARDEN_CFLAGS)
# What lemon writes is not ours to mend.
GEN_CFLAGS := -std=c11 -fPIC $(ROUND_ONCE) $(HERE) -w $(HARDEN_CFLAGS)

COMPILE_C = $(CC) $(OWN_CPPFLAGS) $(CPPFLAGS) $(OWN_CFLAGS) $(CFLAGS) $(SAN_FLAGS) $(WARN_ERROR)
COMPILE_CXX = $(CXX) $(OWN_CPPFLAGS) $(CPPFLAGS) $(OWN_CXXFLAGS) $(CXXFLAGS) $(SAN_FLAGS) $(WARN_ERROR)
COMPILE_GEN = $(CC) $(OWN_CPPFLAGS) $(CPPFLAGS) $(GEN_CFLAGS) $(CFLAGS) $(SAN_FLAGS)
LINK_C = $(CC) $(HARDEN_LDFLAGS) $(CFLAGS) $(SAN_FLAGS) $(LDFLAGS)
LINK_CXX = $(CXX) $(HARDEN_LDFLAGS) $(CXXFLAGS) $(SAN_FLAGS) $(LDFLAGS)

# Which folder may see which: runtime/ nothing but itself.
INC_runtime := -iquote runtime
INC_compiler := -iquote . -iquote compiler -iquote runtime -iquote grammar -iquote $(BUILD)/gen
INC_cli := $(INC_compiler) -iquote cli
INC_tests := $(INC_cli) -iquote tests

# Linked in whole where there is an archive (docs/decisions/0014-linking.md); STATIC=no links what is shared.
STATIC ?= yes
has_archive = $(and $(filter yes,$(STATIC)),$(filter /%,$(shell $(CC) -print-file-name=lib$(1).a)))
library = $(if $(call has_archive,$(1)),-l:lib$(1).a,-l$(1))
RUNTIME_LIBS := -lutf8proc
# CaDiCaL is C++ behind a C interface; Debian has it as an archive alone.
CADICAL_LIBS := -l:libcadical.a
COMPILER_LIBS := -lyaml -lnettle $(CADICAL_LIBS) -lstdc++ -lm -lpthread
SIMDJSON_LIBS := -lsimdjson
CLI_LIBS := $(if $(filter no,$(FAST_LINES)),,$(SIMDJSON_LIBS)) -lsqlite3 -lpthread
PROGRAM_ARCHIVES := $(foreach lib,yaml nettle utf8proc sqlite3,$(call library,$(lib))) $(CADICAL_LIBS)
PROGRAM_LIBS := $(PROGRAM_ARCHIVES) $(if $(filter linked,$(FAST_LINES)),$(SIMDJSON_LIBS)) -lm -lpthread
# libstdc++ and libgcc likewise, but where simdjson, linked, brings them as shared ones.
ifneq ($(FAST_LINES),linked)
PROGRAM_STATIC := $(if $(call has_archive,stdc++),-static-libstdc++ -static-libgcc)
endif
# What is paid at each start (docs/performance.md, "Starting"), where the linker is GNU's: places that move with the program
# written down in bits, where it knows how; and constructors that only compiling needs left out.
LINKER_KNOWS := $(shell for what in version help; do $(CXX) $(LDFLAGS) -Wl,--$$what 2>/dev/null; done)
START_LDFLAGS := $(if $(findstring pack-relative-relocs,$(LINKER_KNOWS)),-Wl$(comma)-z$(comma)pack-relative-relocs) \
  $(if $(findstring GNU ld,$(LINKER_KNOWS)),-Wl$(comma)-T$(comma)cli/constructors.ld)
CHECK_LIBS := -lical -lcheck_pic -lsubunit -lrt -lm -lpthread

quiet = $(if $(filter 1,$(V)),,@echo "  $(1)  $(2)";)

# ---- what there is ----

objects = $(patsubst %,$(BUILD)/%.o,$(basename $(sort $(1))))
RUNTIME_OBJS := $(call objects,$(wildcard runtime/*.c))
GRAMMARS := $(wildcard grammar/*.y)
GEN_C := $(patsubst grammar/%.y,$(BUILD)/gen/%.c,$(GRAMMARS))
GEN_OBJS := $(GEN_C:.c=.o)
COMPILER_OBJS := $(call objects,$(wildcard compiler/*.c compiler/proof/*.c grammar/*.c)) $(GEN_OBJS)
CLI_OBJS := $(call objects,$(filter-out cli/main.c $(if $(filter no,$(FAST_LINES)),cli/json_fast.cc),$(wildcard cli/*.c cli/*.cc)))

# Every tests/*/test_*.c is a test program, every other file there with a main() a tool; the rest (but for the fuzz
# targets) is their support.
TEST_SRCS := $(wildcard tests/*/test_*.c)
TEST_PROGRAMS := $(patsubst %.c,$(BUILD)/%,$(TEST_SRCS))
TOOL_SRCS := $(filter-out $(TEST_SRCS) tests/fuzz/%,$(shell grep -ls '^int main' tests/*/*.c))
TOOLS := $(patsubst %.c,$(BUILD)/%,$(TOOL_SRCS))
# Preloaded into the program by a test; not under sanitizers, which have an allocator of their own.
SHIM := $(if $(findstring -fsanitize,$(SAN_FLAGS)),,$(addprefix $(BUILD)/tests/fault/,fail_alloc.so fail_call.so record_disk.so \
  try_forbidden.so shunt))
SUPPORT_SRCS := $(filter-out $(TEST_SRCS) $(TOOL_SRCS) tests/fuzz/% tests/fault/% tests/ops/count.c,$(wildcard tests/*/*.c))
SUPPORT_OBJS := $(call objects,$(SUPPORT_SRCS))
FUZZ_TARGETS := $(patsubst tests/fuzz/%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
REPLAY_PROGRAMS := $(patsubst %,$(BUILD)/tests/fuzz/%,$(FUZZ_TARGETS))

# What `shunt match` of a table runs lies side by side in the program: so it comes into memory in few pieces.
MATCH_OBJS := $(patsubst %,$(BUILD)/%.o, \
  $(addprefix cli/,cmd_match options out policy files sandbox match_run in_turn lines json_in json_plain event_in answer rfc3339) \
  $(addprefix compiler/,fd base) $(addprefix runtime/,hooks status table crc32c verify verify_file verify_text verify_rules \
  verify_code verify_units verify_hours verify_people verify_sources verify_automaton ticket text match effects))

LIB_A := $(BUILD)/libshunt.a
LIB_SO := $(BUILD)/libshunt.so.$(VERSION)
LIB_C := $(BUILD)/libshuntc.a
LIB_CLI := $(BUILD)/libshuntcli.a
LIB_SUPPORT := $(BUILD)/libshunttest.a
PROGRAM := $(BUILD)/shunt
LINES_SO := $(if $(filter loaded,$(FAST_LINES)),$(BUILD)/shunt-lines.so)

.PHONY: all tests check check-plain check-asan bless bench asan install uninstall clean dist
.DELETE_ON_ERROR:
.SUFFIXES:
# Nothing made on the way is removed again: objects of tests, the parser (worth reading when its grammar misbehaves).
.SECONDARY:

all: $(PROGRAM) $(LINES_SO) $(LIB_A) $(LIB_SO) $(BUILD)/shunt.pc
tests: all $(TEST_PROGRAMS) $(TOOLS) $(REPLAY_PROGRAMS) $(SHIM)

# ---- objects ----

# A change of flags builds anew (but for WERROR, which changes no object).
FLAGS_NOW := $(CC) $(CXX) $(HARDEN_CPPFLAGS) $(LINES_CPPFLAGS) $(CPPFLAGS) $(OWN_CFLAGS) $(CFLAGS) $(OWN_CXXFLAGS) $(CXXFLAGS) $(SAN_FLAGS) $(HARDEN_LDFLAGS) $(LDFLAGS)
$(BUILD)/flags: force
	@mkdir -p $(@D); echo '$(FLAGS_NOW)' | cmp -s - $@ || echo '$(FLAGS_NOW)' >$@
.PHONY: force

$(BUILD)/runtime/%.o: runtime/%.c $(BUILD)/flags
	$(call quiet,CC,$<)mkdir -p $(@D) && $(COMPILE_C) $(INC_runtime) -c -o $@ $<
$(BUILD)/compiler/%.o: compiler/%.c $(BUILD)/flags | $(GEN_C)
	$(call quiet,CC,$<)mkdir -p $(@D) && $(COMPILE_C) $(INC_compiler) -c -o $@ $<
$(BUILD)/grammar/%.o: grammar/%.c $(BUILD)/flags | $(GEN_C)
	$(call quiet,CC,$<)mkdir -p $(@D) && $(COMPILE_C) $(INC_compiler) -c -o $@ $<
$(BUILD)/cli/%.o: cli/%.c $(BUILD)/flags | $(GEN_C)
	$(call quiet,CC,$<)mkdir -p $(@D) && $(COMPILE_C) $(INC_cli) -c -o $@ $<
$(BUILD)/cli/%.o: cli/%.cc $(BUILD)/flags
	$(call quiet,CXX,$<)mkdir -p $(@D) && $(COMPILE_CXX) $(INC_cli) -c -o $@ $<
$(BUILD)/tests/%.o: tests/%.c $(BUILD)/flags | $(GEN_C)
	$(call quiet,CC,$<)mkdir -p $(@D) && $(COMPILE_C) $(INC_tests) -c -o $@ $<
$(BUILD)/bench/%.o: bench/%.c $(BUILD)/flags | $(GEN_C)
	$(call quiet,CC,$<)mkdir -p $(@D) && $(COMPILE_C) $(INC_tests) -c -o $@ $<
$(BUILD)/gen/%.o: $(BUILD)/gen/%.c $(BUILD)/flags
	$(call quiet,CC,$<)$(COMPILE_GEN) $(INC_compiler) -c -o $@ $<

# lemon writes NAME.c, NAME.h and NAME.out; a conflict makes it fail. -c: no default reductions, so that a syntax
# error can say all that was expected (grammar/grammar.y). -l: no #line, but for `make cover`, which counts the actions.
LEMON_FLAGS ?= -c -l
$(BUILD)/gen/%.c: grammar/%.y
	$(call quiet,LEMON,$<)mkdir -p $(@D) && $(LEMON) $(LEMON_FLAGS) -d$(@D) -T$(LEMON_TEMPLATE) $<
$(BUILD)/gen/%.h: $(BUILD)/gen/%.c ;

# ---- libraries and the program ----

# LIB_A=….so: the runtime with all its names as a shared library, to be exchanged under the tests (tests/mutate).
link_whole = $(LINK_C) -shared -Wl,-soname,$(@F) -o $@ $(filter %.o,$^) $(RUNTIME_LIBS)
archive = mkdir -p $(@D) && rm -f $@ && $(AR) rcsD $@ $(filter %.o,$^)
$(LIB_A): $(RUNTIME_OBJS)
	$(call quiet,AR,$@)$(if $(filter %.so,$@),$(link_whole),$(archive))
$(LIB_C): $(COMPILER_OBJS)
	$(call quiet,AR,$@)$(archive)
$(LIB_CLI): $(CLI_OBJS)
	$(call quiet,AR,$@)$(archive)
$(LIB_SUPPORT): $(SUPPORT_OBJS)
	$(call quiet,AR,$@)$(archive)
$(LIB_SO): $(RUNTIME_OBJS) runtime/shunt.map
	$(call quiet,LD,$@)$(LINK_C) -shared -Wl,-soname,$(SONAME) -Wl,--version-script=runtime/shunt.map \
	  -o $@ $(RUNTIME_OBJS) $(RUNTIME_LIBS) && \
	ln -sf $(@F) $(BUILD)/$(SONAME) && ln -sf $(SONAME) $(BUILD)/libshunt.so
$(PROGRAM): $(BUILD)/cli/main.o $(MATCH_OBJS) $(LIB_CLI) $(LIB_C) $(LIB_A) cli/constructors.ld
	$(call quiet,LD,$@)$(LINK_CXX) $(HARDEN_PROGRAM) $(START_LDFLAGS) $(PROGRAM_STATIC) -o $@ $(filter-out %.ld,$^) $(PROGRAM_LIBS)
$(BUILD)/shunt-lines.so: $(BUILD)/cli/json_fast.o cli/shunt-lines.map
	$(call quiet,LD,$@)$(LINK_CXX) -shared -Wl,-soname,$(@F) -Wl,--version-script=cli/shunt-lines.map -o $@ $< $(SIMDJSON_LIBS)
# Anew each time: PREFIX may have changed.
$(BUILD)/shunt.pc: shunt.pc.in force
	@mkdir -p $(@D) && sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(LIBDIR)|' \
	  -e 's|@INCLUDEDIR@|$(INCLUDEDIR)|' -e 's|@VERSION@|$(VERSION)|' shunt.pc.in >$@

# ---- tests ----

$(BUILD)/tests/cli/test_%: $(BUILD)/tests/cli/test_%.o $(LIB_SUPPORT) $(LIB_CLI) $(LIB_C) $(LIB_A)
	$(call quiet,LD,$@)$(LINK_CXX) -o $@ $^ $(COMPILER_LIBS) $(RUNTIME_LIBS) $(CLI_LIBS) $(CHECK_LIBS)
$(BUILD)/tests/%: $(BUILD)/tests/%.o $(LIB_SUPPORT) $(LIB_C) $(LIB_A)
	$(call quiet,LD,$@)$(LINK_C) -o $@ $^ $(COMPILER_LIBS) $(RUNTIME_LIBS) $(CHECK_LIBS)
$(BUILD)/tests/threads/test_in_turn: $(BUILD)/cli/in_turn.o $(BUILD)/cli/out.o
# The runtime again, with a counter in each of its blocks.
COUNTED := $(patsubst runtime/%.c,$(BUILD)/counted/%.o,$(wildcard runtime/*.c))
$(BUILD)/counted/%.o: runtime/%.c $(BUILD)/flags
	$(call quiet,CC,$<)mkdir -p $(@D) && $(COMPILE_C) $(INC_runtime) -fsanitize-coverage=trace-pc -c -o $@ $<
$(addprefix $(BUILD)/tests/,corrupt/test_linear desk/test_desk_linear): %: %.o $(COUNTED) $(LIB_SUPPORT) $(LIB_C)
	$(call quiet,LD,$@)$(LINK_C) -o $@ $^ $(COMPILER_LIBS) $(RUNTIME_LIBS) $(CHECK_LIBS)
# Of the libraries a target takes what it calls: some need the program's parts, one the tests' own.
FUZZ_LIBS := $(COMPILER_LIBS) $(RUNTIME_LIBS) $(CLI_LIBS)
FUZZ_LINK = $(LINK_CXX) -Wl,--wrap=json_reader_new,--wrap=json_reader_free
FUZZ_PARTS := $(BUILD)/tests/fuzz/kept_readers.o $(LIB_SUPPORT) $(LIB_CLI) $(LIB_C) $(LIB_A)
$(BUILD)/tests/fuzz/fuzz_%: $(BUILD)/tests/fuzz/fuzz_%.o $(BUILD)/tests/fuzz/replay.o $(FUZZ_PARTS)
	$(call quiet,LD,$@)$(FUZZ_LINK) -o $@ $^ $(FUZZ_LIBS)

# These define pwrite() and pwrite64() both: neither may be the other's name.
$(BUILD)/tests/fault/%.so: tests/fault/%.c
	$(call quiet,LD,$@)mkdir -p $(@D) && $(CC) $(OWN_CPPFLAGS) -U_FILE_OFFSET_BITS -U_TIME_BITS -std=c11 -fPIC -O2 -Wall -shared -o $@ $<

# The program whose allocations are made to fail: each piece of an arena is one, and each block of a desk; its symbols are
# seen, so that the shims can tell SQLite to keep no memory of its own, and can say who allocated what.
$(BUILD)/tests/fault/arena.o: compiler/arena.c $(BUILD)/flags
	$(call quiet,CC,$@)mkdir -p $(@D) && $(COMPILE_C) $(INC_compiler) -DARENA_OWN_LEN=0 -DARENA_SLABS=0 -c -o $@ $<
DESK_MAKERS := $(addprefix $(BUILD)/tests/fault/,cmd_route.o state_replay.o)
$(DESK_MAKERS): $(BUILD)/tests/fault/%.o: cli/%.c $(BUILD)/flags
	$(call quiet,CC,$@)mkdir -p $(@D) && $(COMPILE_C) $(INC_cli) -DSMALL_BLOCKS=0 -c -o $@ $<
# Both readers of JSON are in it: what the loader allocates fails or does not, and then the plain one reads.
$(BUILD)/tests/fault/json_in.o: cli/json_in.c $(BUILD)/flags
	$(call quiet,CC,$@)mkdir -p $(@D) && $(COMPILE_C) $(INC_cli) -DSHUNT_LINES_LINKED -c -o $@ $<
FAULT_LINES := $(if $(LINES_SO),$(BUILD)/tests/fault/json_in.o)
$(BUILD)/tests/fault/shunt: $(BUILD)/cli/main.o $(BUILD)/tests/fault/arena.o $(DESK_MAKERS) $(FAULT_LINES) $(LIB_CLI) $(LIB_C) $(LIB_A)
	$(call quiet,LD,$@)$(LINK_CXX) -rdynamic -o $@ $^ $(PROGRAM_ARCHIVES) $(CLI_LIBS) -lm

# Both halves run even where the first fails; the totals are added up at the end.
check:
	@status=0; $(MAKE) --no-print-directory check-plain || status=1; \
	$(MAKE) --no-print-directory check-asan || status=1; \
	tests/run_tests --sum $(BUILD)/results build/asan/results || status=1; exit $$status
check-plain:
	@$(MAKE) --no-print-directory -k WERROR=1 tests || true # what could not be built is a failed test below
	@tests/run_tests $(BUILD)
check-asan:
	@$(MAKE) --no-print-directory -k WERROR=1 asan || true
	@tests/run_tests build/asan
bless: all $(BUILD)/tests/tools/test_diagnostics
	@tests/run_tests --bless $(BUILD)

SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
# Beside the library as it ships, of which tests/build/test_symbols.sh asks what another build's cannot say.
asan: $(LIB_A)
	@$(MAKE) --no-print-directory BUILD=build/asan CFLAGS='-O1 -g' SAN_FLAGS='$(SANITIZE)' tests

# What is asked beyond `make check`: tests/checks.mk.
include tests/checks.mk

# ---- benchmark ----

# Each of these is a program; the rest of bench/*.c is what they share.
BENCH_MAINS := $(shell grep -ls '^int main' bench/*.c)
BENCH_SHARED := $(call objects,$(filter-out $(BENCH_MAINS),$(wildcard bench/*.c)))
BENCH_PROGRAMS := $(patsubst %.c,$(BUILD)/%,$(BENCH_MAINS)) $(BUILD)/bench/json_floor

bench: $(BENCH_PROGRAMS) $(PROGRAM)
	@bench/run $(BUILD)
# What the peers need is installed below $(BUILD), by their package managers.
peers: $(BENCH_PROGRAMS) $(PROGRAM)
	@bench/peers/run $(BUILD)
.PHONY: peers bench-programs
bench-programs: $(BENCH_PROGRAMS)
# They are tested where they are measured: in an ordinary build.
tests: $(if $(SAN_FLAGS)$(findstring /,$(BUILD)),,$(BENCH_PROGRAMS))
$(BUILD)/bench/%.o: bench/%.cc $(BUILD)/flags
	$(call quiet,CXX,$<)mkdir -p $(@D) && $(COMPILE_CXX) $(INC_cli) -c -o $@ $<
$(BUILD)/bench/libbench.a: $(BENCH_SHARED)
	$(call quiet,AR,$@)$(archive)
$(BUILD)/bench/empty: bench/empty.c
	$(call quiet,LD,$@)mkdir -p $(@D) && $(LINK_C) -o $@ $<
$(BUILD)/bench/json_floor: $(BUILD)/bench/json_floor.o
	$(call quiet,LD,$@)$(LINK_CXX) -o $@ $< $(SIMDJSON_LIBS)
# The solver's own time is taken at its calls.
$(BUILD)/bench/proving: private LDFLAGS += -Wl,--wrap=ccadical_solve
$(BUILD)/bench/%: $(BUILD)/bench/%.o $(BUILD)/bench/libbench.a $(LIB_C) $(LIB_A)
	$(call quiet,LD,$@)$(LINK_C) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(COMPILER_LIBS) $(RUNTIME_LIBS)

# ---- installing ----

install: all
	$(INSTALL) -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(LIBDIR)/pkgconfig $(DESTDIR)$(INCLUDEDIR) $(DESTDIR)$(DATADIR)/shunt
	$(INSTALL) -m 755 $(PROGRAM) $(DESTDIR)$(BINDIR)/shunt
	$(INSTALL) -m 644 runtime/shunt.h runtime/shunt_desk.h $(DESTDIR)$(INCLUDEDIR)/
	$(INSTALL) -m 644 $(LIB_A) $(DESTDIR)$(LIBDIR)/libshunt.a
	$(INSTALL) -m 755 $(LIB_SO) $(DESTDIR)$(LIBDIR)/libshunt.so.$(VERSION)
	ln -sf libshunt.so.$(VERSION) $(DESTDIR)$(LIBDIR)/$(SONAME)
	ln -sf $(SONAME) $(DESTDIR)$(LIBDIR)/libshunt.so
	$(INSTALL) -m 644 $(BUILD)/shunt.pc $(DESTDIR)$(LIBDIR)/pkgconfig/shunt.pc
	$(if $(LINES_SO),$(INSTALL) -d $(DESTDIR)$(BINDIR)/../lib/shunt)
	$(if $(LINES_SO),$(INSTALL) -m 755 $(LINES_SO) $(DESTDIR)$(BINDIR)/../lib/shunt/shunt-lines.so)
	find rules -type d -exec $(INSTALL) -d $(DESTDIR)$(DATADIR)/shunt/{} ';'
	find rules -type f -exec $(INSTALL) -m 644 {} $(DESTDIR)$(DATADIR)/shunt/{} ';'
uninstall:
	rm -f $(DESTDIR)$(BINDIR)/shunt $(DESTDIR)$(INCLUDEDIR)/shunt.h $(DESTDIR)$(INCLUDEDIR)/shunt_desk.h $(DESTDIR)$(LIBDIR)/libshunt.a \
	  $(DESTDIR)$(LIBDIR)/libshunt.so $(DESTDIR)$(LIBDIR)/$(SONAME) $(DESTDIR)$(LIBDIR)/libshunt.so.$(VERSION) \
	  $(DESTDIR)$(LIBDIR)/pkgconfig/shunt.pc
	rm -rf $(DESTDIR)$(DATADIR)/shunt/rules
	rm -f $(DESTDIR)$(BINDIR)/../lib/shunt/shunt-lines.so
clean:
	rm -rf build
# What HEAD holds; what is here where this is no clone, or git will not read it. In order of names, of nobody, and all of one age: that of
# SOURCE_DATE_EPOCH, else of the last commit, else of the latest file. So the same bytes come out everywhere.
DIST := shunt-$(VERSION)
IN_GIT := [ -e .git ] && git rev-parse -q --verify HEAD >/dev/null 2>&1
DIST_EPOCH = $(or $(SOURCE_DATE_EPOCH),$(shell if $(IN_GIT); then git log -1 --format=%ct; else \
  find . -path ./build -prune -o -path ./.git -prune -o -type f -printf '%Ts\n' | sort -n | tail -n 1; fi))
dist:
	@rm -rf build/dist && mkdir -p build/dist/$(DIST)
	@if $(IN_GIT); then git archive HEAD; else tar -c --exclude=./build --exclude=./.git .; fi | tar -x -C build/dist/$(DIST)
	@tar -C build/dist -c --format=ustar --sort=name --mtime=@$(DIST_EPOCH) --owner=0 --group=0 --numeric-owner \
	  --mode=u+rwX,go+rX,go-w,a-s $(DIST) | gzip -9n >build/$(DIST).tar.gz
	@rm -rf build/dist && echo build/$(DIST).tar.gz

# What an older build's .d names and is gone since: what it made is made anew.
cli/json_in.cc: ;
-include $(foreach part,runtime counted compiler grammar gen cli tests bench,$(wildcard $(BUILD)/$(part)/*.d $(BUILD)/$(part)/*/*.d))
