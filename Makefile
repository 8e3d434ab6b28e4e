# backfilld: `make demo` runs the main job on real data, `make test` passes the tests. Both set up what they need.

PREFIX ?= /usr/local
DESTDIR ?=
SYSCONFDIR ?= /etc
BINDIR ?= $(PREFIX)/bin
SBINDIR ?= $(PREFIX)/sbin
DATADIR ?= $(PREFIX)/share/backfilld
DOCDIR ?= $(PREFIX)/share/doc/backfilld
MANDIR ?= $(PREFIX)/share/man
BASHDIR ?= $(PREFIX)/share/bash-completion/completions
ZSHDIR ?= $(PREFIX)/share/zsh/site-functions
FISHDIR ?= $(PREFIX)/share/fish/vendor_completions.d
# Where systemd looks for files is systemd's to say.
systemd_dir = $(shell pkg-config --variable=$(1) systemd)
UNITDIR ?= $(call systemd_dir,systemdsystemunitdir)
USERUNITDIR ?= $(call systemd_dir,systemduserunitdir)
SYSUSERSDIR ?= $(call systemd_dir,sysusersdir)
TMPFILESDIR ?= $(call systemd_dir,tmpfilesdir)
CATALOGDIR ?= $(call systemd_dir,catalogdir)
# Programs are installed without symbols; the Debian package keeps them in a package of their own.
STRIP ?= --strip

SWIFT ?= swift
# Every import of another target must be declared in Package.swift: the arrows of the layers are checked by the compiler.
CHECKED = --explicit-target-dependency-import-check error
# One release build for the demo, the benchmarks, `install` and `deb`. It carries the Swift runtime with it, so that the machine
# it is installed on needs no toolchain; it looks for no library beside itself; debuggers know it by its build id.
RELEASE = -c release $(CHECKED) --static-swift-stdlib --disable-local-rpath -Xlinker --build-id
SWIFT_FILES = Sources Tests Fuzz Package.swift Benchmarks/Sources Benchmarks/Package.swift
BUILD_PACKAGES = libsystemd-dev libsqlite3-dev pkg-config
INSTALL_PACKAGES = systemd
DEB_PACKAGES = $(INSTALL_PACKAGES) debhelper dpkg-dev lintian
DEMO_PACKAGES = sqlite3 jq tzdata
BENCH_PACKAGES = parallel sqlite3
BOOT_PACKAGES = debootstrap systemd-container
TEST_PACKAGES = sqlite3 tzdata systemd procps mandoc

.PHONY: build demo test test-boot bench bench-quick fuzz lint format install uninstall deb clean

build:
	@scripts/install-packages $(BUILD_PACKAGES)
	$(SWIFT) build $(RELEASE)

demo:
	@scripts/install-packages $(BUILD_PACKAGES) $(DEMO_PACKAGES)
	$(SWIFT) build $(RELEASE)
	@etc/examples/demo.sh "$$($(SWIFT) build -c release --show-bin-path)"

test:
	@scripts/install-packages $(BUILD_PACKAGES) $(TEST_PACKAGES)
	$(SWIFT) build --build-tests $(CHECKED)
# Each module's tests have a process to themselves. All at once they open so many files that Foundation's Process reads
# past the end of a directory buffer; and the executor makes its process adopt orphans, which the watcher of Swift
# Testing's exit tests cannot tell from its own children.
	@set -e; for module in $(filter-out BootTests,$(notdir $(wildcard Tests/*Tests))); do \
	  echo "== $$module"; $(SWIFT) test --skip-build --filter "^$$module\\."; \
	done
	@$(MAKE) --no-print-directory test-boot

# The package in a booted container. Where there can be none, it says why and succeeds; BACKFILLD_BOOT_TESTS=required: fails.
test-boot:
	@echo "== BootTests"
	@test "$$(id -u)" != 0 || scripts/install-packages $(BOOT_PACKAGES)
	@set -e; if ! scripts/container check; then test "$(BACKFILLD_BOOT_TESTS)" != required; exit; fi; \
	scripts/container prepare >/dev/null; \
	$(MAKE) deb; \
	$(SWIFT) build --build-tests $(CHECKED); \
	BACKFILLD_DEB="$$(ls "$(CURDIR)"/dist/backfilld_*.deb)" $(SWIFT) test --skip-build --filter "^BootTests\\."

# Writes docs/performance.md. Wants a machine that does nothing else, for many minutes.
bench: BENCH_FLAGS = --page docs/performance.md
# A small version, to try the benchmarks out: prints the page and writes nothing.
bench-quick: BENCH_FLAGS = --quick
bench bench-quick:
	@scripts/install-packages $(BUILD_PACKAGES) $(BENCH_PACKAGES)
	$(SWIFT) build $(RELEASE)
	$(SWIFT) build -c release $(CHECKED) --package-path Benchmarks
	@bench="$$($(SWIFT) build -c release --package-path Benchmarks --show-bin-path)/bench"; \
	"$$bench" --bin "$$($(SWIFT) build -c release --show-bin-path)" $(BENCH_FLAGS)

# All targets, ten minutes each; `make fuzz TARGET=cron FUZZ_SECONDS=60` for less. See CONTRIBUTING.md.
fuzz:
	@scripts/install-packages $(BUILD_PACKAGES) tzdata
	@SWIFT="$(SWIFT)" scripts/fuzz $(TARGET)

lint:
	$(SWIFT) format lint --strict --recursive $(SWIFT_FILES)
	@scripts/install-packages shellcheck
	shellcheck --severity=warning .ci/run scripts/* etc/examples/*.sh etc/examples/flights/bin/*

format:
	$(SWIFT) format --in-place --recursive $(SWIFT_FILES)

# Installs what `make build` has built. Configuration that is there already is left alone. Without DESTDIR the account is
# made and systemd told, too; nothing is enabled or started.
install:
	@scripts/install-packages $(INSTALL_PACKAGES)
	@test -n "$(UNITDIR)" || { echo "pkg-config does not know systemd: name UNITDIR, USERUNITDIR, SYSUSERSDIR, TMPFILESDIR and CATALOGDIR." >&2; exit 1; }
	@bin="$$($(SWIFT) build -c release --show-bin-path)"; \
	test -x "$$bin/backfilld" || { echo "Run 'make build' first." >&2; exit 1; }; \
	set -ex; \
	install -D $(STRIP) -m 755 "$$bin/backfilld" "$(DESTDIR)$(SBINDIR)/backfilld"; \
	install -D $(STRIP) -m 755 "$$bin/backfillctl" "$(DESTDIR)$(BINDIR)/backfillctl"; \
	install -d "$(DESTDIR)$(BASHDIR)" "$(DESTDIR)$(ZSHDIR)" "$(DESTDIR)$(FISHDIR)"; \
	for program in backfilld backfillctl; do \
	  "$$bin/$$program" --generate-completion-script bash | sed '1{/^#!/d}' > "$(DESTDIR)$(BASHDIR)/$$program"; \
	  "$$bin/$$program" --generate-completion-script zsh > "$(DESTDIR)$(ZSHDIR)/_$$program"; \
	  "$$bin/$$program" --generate-completion-script fish > "$(DESTDIR)$(FISHDIR)/$$program.fish"; \
	done
	install -d "$(DESTDIR)$(UNITDIR)" "$(DESTDIR)$(USERUNITDIR)"
	sed $(PLACES) systemd/backfilld.service > "$(DESTDIR)$(UNITDIR)/backfilld.service"
	sed $(PLACES) systemd/user/backfilld.service > "$(DESTDIR)$(USERUNITDIR)/backfilld.service"
	install -m 644 systemd/backfilld.socket "$(DESTDIR)$(UNITDIR)/backfilld.socket"
	install -D -m 644 systemd/backfilld.sysusers "$(DESTDIR)$(SYSUSERSDIR)/backfilld.conf"
	install -D -m 644 systemd/backfilld.tmpfiles "$(DESTDIR)$(TMPFILESDIR)/backfilld.conf"
	install -D -m 644 systemd/backfilld.catalog "$(DESTDIR)$(CATALOGDIR)/backfilld.catalog"
	for page in $(PAGES); do \
	  folder="$(DESTDIR)$(MANDIR)/man$${page##*.}"; \
	  install -d "$$folder"; \
	  scripts/man-page "man/$$page" | sed $(PLACES) > "$$folder/$$page"; \
	done
	install -d "$(DESTDIR)$(SYSCONFDIR)/backfilld/windows.d" "$(DESTDIR)$(SYSCONFDIR)/backfilld/pipelines.d"
	test -e "$(DESTDIR)$(SYSCONFDIR)/backfilld/backfilld.yaml" || \
	  install -m 644 etc/backfilld.yaml "$(DESTDIR)$(SYSCONFDIR)/backfilld/backfilld.yaml"
	install -D -m 644 -t "$(DESTDIR)$(DATADIR)/drop-ins" systemd/drop-ins/*.conf
	install -d "$(DESTDIR)$(DATADIR)/examples"
	cp -R etc/examples/flights "$(DESTDIR)$(DATADIR)/examples/"
	sed -i 's|/usr/local/share/backfilld/|$(DATADIR)/|' \
	  "$(DESTDIR)$(DATADIR)/examples/flights/windows.d/flights.yaml"
# As they lie here, so that their links to one another hold.
	install -D -m 644 -t "$(DESTDIR)$(DOCDIR)" README.md CHANGELOG.md
	install -D -m 644 -t "$(DESTDIR)$(DOCDIR)/docs" docs/*.md
	@test -n "$(DESTDIR)" || scripts/tell-systemd

PAGES = backfilld.8 backfillctl.1 backfilld.yaml.5 backfill-window.5
# What the units and pages name.
PLACES = -e 's|@BINDIR@|$(BINDIR)|g' -e 's|@SBINDIR@|$(SBINDIR)|g' -e 's|@DATADIR@|$(DATADIR)|g' \
  -e 's|@DOCDIR@|$(DOCDIR)|g'

# Leaves the configuration, the ledger and the account: they are the user's.
uninstall:
	@if test -z "$(DESTDIR)" && test -d /run/systemd/system; then systemctl disable --now backfilld.service backfilld.socket || true; fi
	rm -f "$(DESTDIR)$(SBINDIR)/backfilld" "$(DESTDIR)$(BINDIR)/backfillctl"
	for program in backfilld backfillctl; do rm -f "$(DESTDIR)$(BASHDIR)/$$program" "$(DESTDIR)$(ZSHDIR)/_$$program" "$(DESTDIR)$(FISHDIR)/$$program.fish"; done
	rm -f "$(DESTDIR)$(UNITDIR)/backfilld.service" "$(DESTDIR)$(UNITDIR)/backfilld.socket" "$(DESTDIR)$(USERUNITDIR)/backfilld.service"
	rm -f "$(DESTDIR)$(SYSUSERSDIR)/backfilld.conf" "$(DESTDIR)$(TMPFILESDIR)/backfilld.conf" "$(DESTDIR)$(CATALOGDIR)/backfilld.catalog"
	for page in $(PAGES); do rm -f "$(DESTDIR)$(MANDIR)/man$${page##*.}/$$page"; done
	rm -rf "$(DESTDIR)$(DATADIR)" "$(DESTDIR)$(DOCDIR)"
	@test -n "$(DESTDIR)" || scripts/tell-systemd --removed

# Leaves the packages in dist/, and fails when lintian finds an error or a warning in them. Without `clean` debhelper would
# pack once more what it packed the last time; the build folder of Swift stays.
deb:
	@scripts/install-packages $(BUILD_PACKAGES) $(DEB_PACKAGES)
	@rm -rf dist && mkdir dist
	DEB_DESTDIR="$(CURDIR)/dist" debian/rules clean binary
	lintian --fail-on error,warning --info --tag-display-limit 0 dist/*.deb
	@ls -l dist

clean:
	$(SWIFT) package clean
	$(SWIFT) package --package-path Benchmarks clean
