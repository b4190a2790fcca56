# pmta-suppress - `make` builds into build/, `make check` tests, `make install`
# installs. INSTALL.md names the packages; ./setup.sh gets them.
#
#: make            build both programs into build/
#: make check      every test; ends with "N passed, N failed, N skipped"
#: make check-unit, check-cli, lint   one part of it; CLI="name ..." some tests
#: make install    PREFIX=/usr/local DESTDIR= SYSCONFDIR=/etc/pmta-suppress
#: make uninstall  what install put there; settings and the list stay
#: make demo       the sample records through the real programs
#: make fresh      README's two set-up lines in a bare Debian 12 (root)
#: make clang      both programs by clang, in build/clang
#: make fuzz       each tests/fuzz/fuzz_*.c for FUZZ_SECONDS (600)
#: make corpus     how well replies and mails are judged, where CORPUS is
#: make bench      how fast; BENCH="rows scrub" these parts alone,
#:                 BENCH_ROWS=100000 BENCH_LIST=100000 a short form;
#:                 bench-growth: how cost grows; bench-results: keep it all
#: make storm      outages, floods and forgeries on simulated months, a table
#:                 of figures; STORM=short or STORM="gmail ..." a part of it
#: make fault      what failing disks, memory, power and kills do to the list
#:                 and to the writer; FAULT=short takes a minute
#: make soak       SOAK_ROWS (100 million) rows through one pipe: memory,
#:                 descriptors and sizes stay as they should
#: make valgrind   commands and the pipe under valgrind; takes minutes
#: make coverage   the tests, and which lines and branches they reach
#: make dist       a tar file of what git would take
#: WERROR=1        a warning is an error; SAN=1: address, undefined sanitizers;
#:                 V=1: every command as it is run

PREFIX ?= /usr/local
DESTDIR ?=
SYSCONFDIR ?= /etc/pmta-suppress
STATEDIR ?= /var/lib/pmta-suppress
BUILD ?= build
VERSION := 0.1.0

CC ?= cc
AR ?= ar
PKG_CONFIG ?= pkg-config
LINK_PKG := sqlite3 libpcre2-8 glib-2.0 jansson libidn2 libxxhash zlib
# Loaded when the first mail is read: lib/wrap/gmime.h tells why.
LOAD_PKG := gmime-3.0

WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wvla \
	-Wstrict-prototypes -Wmissing-prototypes -Wcast-qual \
	-Wwrite-strings -Wformat=2
HARDEN := -fstack-protector-strong -fPIE
ifneq ($(filter x86_64 i%86,$(shell uname -m)),)
HARDEN += -fcf-protection
endif
FORTIFY := -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
OPT ?= -O2 -g
ifdef SAN
OPT := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
	-fno-sanitize-recover=undefined
FORTIFY :=
BUILD := $(BUILD)/san
endif
WERR := $(if $(WERROR),-Werror)

# CFLAGS is the caller's; what the code needs stands before it.
PKG_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(LINK_PKG) $(LOAD_PKG) \
	2>/dev/null | \
	sed 's/-I/-isystem /g')
ALL_CFLAGS = -std=c17 -D_GNU_SOURCE -Ilib -I$(BUILD)/gen $(WARN) $(OPT) \
	$(HARDEN) $(FORTIFY) $(PKG_CFLAGS) \
	-DVERSION='"$(VERSION)"' -DPREFIX='"$(PREFIX)"' \
	-DSYSCONFDIR='"$(SYSCONFDIR)"' -DSTATEDIR='"$(STATEDIR)"' $(CFLAGS)
comma := ,
# Each step is told in short; V=1 tells the whole command.
say = $(if $(V),,@printf '  %-4s %s\n' $(1) $@; )
ALL_LDFLAGS = -pie -Wl,-z,relro,-z,now $(OPT) $(LDFLAGS)
LDLIBS := $(shell $(PKG_CONFIG) --libs $(LINK_PKG) 2>/dev/null) -lcsv

LIB_SRC := $(wildcard lib/*/*.c)
PIPE_SRC := $(wildcard pipe/*.c)
CMD_SRC := $(wildcard suppress/*.c)
UNIT_SRC := $(wildcard tests/unit/test_*.c)
HELP_SRC := $(wildcard tests/tools/*.c)
PRELOAD_SRC := $(wildcard tests/preload/*.c)
GEN_SRC := $(BUILD)/gen/sql_text.c $(BUILD)/gen/rules_builtin.c
GEN_HDR := $(BUILD)/gen/sql_names.h

obj = $(patsubst %.c,$(BUILD)/%.o,$(1))
LIB_OBJ := $(call obj,$(LIB_SRC)) $(patsubst %.c,%.o,$(GEN_SRC))
LIB := $(BUILD)/libpmta-suppress.a
PROGS := $(BUILD)/pmta-suppress-pipe $(BUILD)/pmta-suppress
UNITS := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(UNIT_SRC))
TOOLS := $(patsubst tests/tools/%.c,$(BUILD)/tools/%,$(HELP_SRC)) \
	$(patsubst tests/preload/%.c,$(BUILD)/tools/%.so,$(PRELOAD_SRC))

.PHONY: all help clean install uninstall check check-unit check-cli lint units \
	tools clang demo fresh fuzz fuzz-programs corpus bench bench-growth \
	bench-results fault fault-programs storm soak valgrind coverage dist FORCE
.SECONDARY:
all: $(PROGS)

help:
	@sed -n 's/^#: //p' Makefile

# Whatever the compiler is told stands in this file: when it changes, all is
# built anew, so no object is left over from other options.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(subst ','\'',$(ALL_CFLAGS) $(ALL_LDFLAGS))' >$@.tmp; \
	if cmp -s $@.tmp $@; then rm -f $@.tmp; else mv $@.tmp $@; fi

$(BUILD)/pmta-suppress-pipe: $(call obj,$(PIPE_SRC)) $(LIB)
	$(call say,LINK)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/pmta-suppress: $(call obj,$(CMD_SRC)) $(LIB)
	$(call say,LINK)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LDLIBS)

$(LIB): $(LIB_OBJ)
	@rm -f $@
	$(call say,AR)$(AR) rcs $@ $^

$(BUILD)/%.o: %.c $(BUILD)/flags | $(GEN_HDR)
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(ALL_CFLAGS) $(WERR) -MMD -MP -c -o $@ $<

$(BUILD)/gen/%.o: $(BUILD)/gen/%.c $(BUILD)/flags | $(GEN_HDR)
	$(call say,CC)$(CC) $(ALL_CFLAGS) $(WERR) -MMD -MP -c -o $@ $<

# Statements and rules are data: built in, found without any path.
$(BUILD)/gen/sql_names.h: $(wildcard sql/*.sql) sql/embed.sh
	@mkdir -p $(@D)
	$(call say,GEN)sh sql/embed.sh names $(filter %.sql,$^) >$@.tmp && mv $@.tmp $@

$(BUILD)/gen/sql_text.c: $(wildcard sql/*.sql sql/steps/*.sql) sql/embed.sh
	@mkdir -p $(@D)
	$(call say,GEN)sh sql/embed.sh text $(filter %.sql,$^) >$@.tmp && mv $@.tmp $@

$(BUILD)/gen/rules_builtin.c: $(wildcard rules/*) rules/embed.sh
	@mkdir -p $(@D)
	$(call say,GEN)sh rules/embed.sh $(filter %.rules %.conf,$^) >$@.tmp && mv $@.tmp $@

# Of the pipe's modules, those that a test does not include itself.
PIPE_LIB := $(BUILD)/libpipe.a
$(PIPE_LIB): $(filter-out %/main.o,$(call obj,$(PIPE_SRC)))
	@rm -f $@
	$(call say,AR)$(AR) rcs $@ $^

units: $(UNITS)
$(BUILD)/unit/%: $(BUILD)/tests/unit/%.o $(PIPE_LIB) $(LIB)
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LDLIBS) -lcmocka

tools: $(TOOLS)
$(BUILD)/tools/%: $(BUILD)/tests/tools/%.o $(LIB)
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LDLIBS)

# Put between a program and its libraries by LD_PRELOAD.
$(BUILD)/tools/%.so: tests/preload/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(ALL_CFLAGS) $(WERR) -fPIC -shared -o $@ $< -ldl -lxxhash

# ---- tests ----
check: all units tools
	@sh tests/run.sh $(BUILD) $(if $(SAN),unit cli)
check-unit: units
	@sh tests/run.sh $(BUILD) unit
check-cli: all tools
	@sh tests/cli/run.sh $(BUILD) $(CLI)
lint: $(GEN_HDR)
	@LINT_STRICT=1 sh tests/lint.sh $(BUILD)

clang:
	$(MAKE) CC=clang BUILD=$(BUILD)/clang

demo: all
	@sh demo.sh $(BUILD)

fresh:
	@sh tests/fresh.sh

FUZZ_SECONDS ?= 600
FUZZ_SRC := $(wildcard tests/fuzz/fuzz_*.c)
FUZZERS := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(FUZZ_SRC))
fuzz:
	@$(MAKE) --no-print-directory fuzz-programs CC=clang \
		BUILD=$(BUILD)/fuzz-build FORTIFY= \
		OPT='-O1 -g -fno-omit-frame-pointer \
		-fsanitize=address,undefined,fuzzer-no-link \
		-fno-sanitize-recover=undefined'
	@sh tests/fuzz/run.sh $(BUILD)/fuzz-build $(FUZZ_SECONDS)
fuzz-programs: $(FUZZERS)
$(BUILD)/fuzz/%: $(BUILD)/tests/fuzz/%.o $(LIB)
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(LDLIBS)

BENCH_SRC := $(wildcard tests/bench/*.c)
BENCHES := $(patsubst tests/bench/%.c,$(BUILD)/bench/%,$(BENCH_SRC))
$(BUILD)/bench/%: $(BUILD)/tests/bench/%.o $(LIB)
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LDLIBS)
$(BUILD)/bench/bench_gmime: LDLIBS += $(shell $(PKG_CONFIG) --libs gmime-3.0)
bench: $(BENCHES)
bench-growth:
	@$(MAKE) --no-print-directory bench BENCH=growth
bench-results:
	@sh tests/bench/results.sh $(BUILD) tests/bench/RESULTS.md

# What the storms, breakers and forgeries of simulated months come to.
STORM_SRC := $(wildcard tests/storm/*.c)
$(BUILD)/tools/storm_sim: $(call obj,$(STORM_SRC)) $(LIB)
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LDLIBS)
tools: $(BUILD)/tools/storm_sim
# Programs of tests/fault; what they share is fault_vfs.c and its like.
FAULT_SHARED := fault_vfs fault_disk fault_scene fault_alloc
FAULT_OBJ := $(FAULT_SHARED:%=$(BUILD)/tests/fault/%.o)
FAULT_CALLS := fault_calls_ask fault_calls_change
FAULTS := $(addprefix $(BUILD)/fault/,$(filter-out $(FAULT_SHARED) \
	$(FAULT_CALLS) shim_%,\
	$(patsubst tests/fault/%.c,%,$(wildcard tests/fault/*.c))))
# Preloaded into the programs: another clock, memory that runs out.
FAULT_SHIMS := $(patsubst tests/fault/%.c,$(BUILD)/fault/%.so,\
	$(wildcard tests/fault/shim_*.c))
$(BUILD)/%.so: tests/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) -std=c17 -D_GNU_SOURCE $(WARN) $(WERR) -O2 -g \
		-fPIC -shared -o $@ $<
# Our own calls for memory go through the test, which lets each fail in turn.
WRAP_MEMORY := $(patsubst %,-Wl$(comma)--wrap=%,\
	malloc calloc realloc reallocarray strdup strndup)
$(BUILD)/fault/fault_calls: $(FAULT_CALLS:%=$(BUILD)/tests/fault/%.o)
$(BUILD)/fault/%: $(BUILD)/tests/fault/%.o $(FAULT_OBJ) $(LIB)
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(ALL_LDFLAGS) $(WRAP_MEMORY) -o $@ \
		$(filter-out $(LIB),$^) $(LIB) $(LDLIBS)
fault-programs: $(FAULTS) $(FAULT_SHIMS)
fault: fault-programs

soak: all $(BUILD)/bench/gen_rows
	@sh tests/fault/soak.sh $(BUILD)
valgrind: all tools $(BUILD)/valgrind/no_jit.so
	@TESTS=$(CURDIR)/tests/valgrind TEST_SECONDS=3600 \
		sh tests/cli/run.sh $(BUILD)

# Killed processes tell nothing: what only they reach counts as not reached.
# Tests that become another user must be able to write the counts.
COVERED := $(BUILD)/coverage-build
COVER = $(MAKE) --no-print-directory BUILD=$(COVERED) FORTIFY= \
	OPT='-O0 -g --coverage -fprofile-update=atomic' \
	LDFLAGS='-Wl,--wrap=_exit $(COVERED)/exit.o'
COVER_FAULTS := the_database_is_locked the_folder_is_read_only \
	the_folder_is_gone the_database_is_damaged the_rules_are_broken \
	the_database_disk_is_full both_disks_are_full
coverage:
	@mkdir -p $(COVERED)
	@$(CC) -c -o $(COVERED)/exit.o tests/coverage_exit.c
	@$(COVER) all units tools fault-programs
	@find $(COVERED) -name '*.gcda' -delete
	@find $(COVERED) -name '*.gcno' | sed 's/gcno$$/gcda/' | \
		xargs sh -c 'touch "$$@" && chmod a+rw "$$@"' sh
	@TEST_SECONDS=900 sh tests/run.sh $(COVERED) unit cli || true
	@TEST_SECONDS=900 FAULT=short FAULT_PARTS='$(COVER_FAULTS)' $(COVER) fault || true
	@sh tests/coverage.sh $(COVERED)

bench: PARTS = $(BENCH)
# These are scripts that may not be there yet; each says so then.
corpus bench fault storm: all tools
	@for script in tests/$@.sh tests/$@/run.sh; do \
		if [ -f "$$script" ]; then exec sh "$$script" $(BUILD) $(PARTS); fi; \
	done; echo "make $@: there is no tests/$@.sh nor tests/$@/run.sh" >&2; \
	exit 1

# ---- to the system ----
# A program may be running: it is put beside its place and moved there.
put = install -m $(1) $(2) $(3).new && mv -f $(3).new $(3)
# A text names where things are with this prefix.
put_text = sed -e 's,/usr/local,$(PREFIX),g' \
	-e 's,/etc/pmta-suppress,$(SYSCONFDIR),g' \
	-e 's,/var/lib/pmta-suppress,$(STATEDIR),g' $(1) >$(2).new && \
	chmod 644 $(2).new && mv -f $(2).new $(2)
DATADIR = $(PREFIX)/share/pmta-suppress
DOCDIR = $(PREFIX)/share/doc/pmta-suppress
MANDIR = $(PREFIX)/share/man
MAN := $(wildcard man/*.[1578])
RULES := $(wildcard rules/*.rules rules/*.conf)
DOCS := README.md INSTALL.md CHANGELOG.md SECURITY.md LICENSE
SNIPPETS := $(wildcard conf-snippets/*)

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(DATADIR)/rules \
		$(DESTDIR)$(DOCDIR)/conf-snippets $(DESTDIR)$(SYSCONFDIR)/rules.d
	for p in $(notdir $(PROGS)); do \
		$(call put,755,$(BUILD)/$$p,$(DESTDIR)$(PREFIX)/bin/$$p) || exit 1; \
	done
	for f in $(notdir $(RULES)); do \
		$(call put,644,rules/$$f,$(DESTDIR)$(DATADIR)/rules/$$f) || exit 1; \
	done
	for f in $(notdir $(MAN)); do \
		d=$(DESTDIR)$(MANDIR)/man$${f##*.}; install -d $$d && \
		$(call put_text,man/$$f,$$d/$$f) || exit 1; \
	done
	for f in $(DOCS) $(SNIPPETS); do \
		$(call put_text,$$f,$(DESTDIR)$(DOCDIR)/$$f) || exit 1; \
	done
	if [ ! -e $(DESTDIR)$(SYSCONFDIR)/pmta-suppress.conf ]; then \
		$(call put_text,conf-snippets/pmta-suppress.conf,\
		$(DESTDIR)$(SYSCONFDIR)/pmta-suppress.conf); \
	fi

uninstall:
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/bin/,$(notdir $(PROGS)))
	rm -f $(foreach f,$(notdir $(MAN)),\
		$(DESTDIR)$(MANDIR)/man$(subst .,,$(suffix $(f)))/$(f))
	rm -rf $(DESTDIR)$(DATADIR) $(DESTDIR)$(DOCDIR)

dist:
	@mkdir -p $(BUILD)
	git ls-files -z --cached --others --exclude-standard >$(BUILD)/dist.list
	tar --null -T $(BUILD)/dist.list --owner=0 --group=0 --sort=name \
		--transform 's,^,pmta-suppress-$(VERSION)/,' \
		-czf $(BUILD)/pmta-suppress-$(VERSION).tar.gz

clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
