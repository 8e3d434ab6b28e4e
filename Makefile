# backfilld: `make demo` runs the main job on real data, `make test` passes the tests. Both set up what they need.

PREFIX ?= /usr/local
DESTDIR ?=
SYSCONFDIR ?= /etc
UNITDIR ?= $(PREFIX)/lib/systemd/system

SWIFT ?= swift
# Every import of another target must be declared in Package.swift: the arrows of the layers are checked by the compiler.
CHECKED = --explicit-target-dependency-import-check error
SWIFT_FILES = Sources Tests Fuzz Package.swift Benchmarks/Sources Benchmarks/Package.swift
BUILD_PACKAGES = libsystemd-dev libsqlite3-dev pkg-config
DEMO_PACKAGES = sqlite3 jq tzdata
BENCH_PACKAGES = parallel sqlite3
TEST_PACKAGES = sqlite3 tzdata systemd procps

.PHONY: build demo test bench bench-quick fuzz lint format install uninstall clean

build:
	@scripts/install-packages $(BUILD_PACKAGES)
	$(SWIFT) build -c release $(CHECKED)

demo:
	@scripts/install-packages $(BUILD_PACKAGES) $(DEMO_PACKAGES)
	$(SWIFT) build -c release $(CHECKED)
	@etc/examples/demo.sh "$$($(SWIFT) build -c release --show-bin-path)"

test:
	@scripts/install-packages $(BUILD_PACKAGES) $(TEST_PACKAGES)
	$(SWIFT) build --build-tests $(CHECKED)
# Each module's tests have a process to themselves. All at once they open so many files that Foundation's Process reads
# past the end of a directory buffer; and the executor makes its process adopt orphans, which the watcher of Swift
# Testing's exit tests cannot tell from its own children.
	@set -e; for module in $(notdir $(wildcard Tests/*Tests)); do \
	  echo "== $$module"; $(SWIFT) test --skip-build --filter "^$$module\\."; \
	done

# Writes docs/performance.md. Takes about a quarter of an hour on a machine that does nothing else.
bench: BENCH_FLAGS = --page docs/performance.md
# A small version, to try the benchmarks out: prints the page and writes nothing.
bench-quick: BENCH_FLAGS = --quick
bench bench-quick:
	@scripts/install-packages $(BUILD_PACKAGES) $(BENCH_PACKAGES)
	$(SWIFT) build -c release $(CHECKED)
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

# Installs what `make build` has built. Configuration that is there already is left alone.
install:
	@bin="$$($(SWIFT) build -c release --show-bin-path)"; \
	test -x "$$bin/backfilld" || { echo "Run 'make build' first." >&2; exit 1; }; \
	set -ex; \
	install -D -m 755 "$$bin/backfilld" "$(DESTDIR)$(PREFIX)/sbin/backfilld"; \
	install -D -m 755 "$$bin/backfillctl" "$(DESTDIR)$(PREFIX)/bin/backfillctl"
	install -d "$(DESTDIR)$(UNITDIR)"
	sed 's|@PREFIX@|$(PREFIX)|g' systemd/backfilld.service > "$(DESTDIR)$(UNITDIR)/backfilld.service"
	install -d "$(DESTDIR)$(SYSCONFDIR)/backfilld/windows.d" "$(DESTDIR)$(SYSCONFDIR)/backfilld/pipelines.d"
	test -e "$(DESTDIR)$(SYSCONFDIR)/backfilld/backfilld.yaml" || \
	  install -m 644 etc/backfilld.yaml "$(DESTDIR)$(SYSCONFDIR)/backfilld/backfilld.yaml"
	install -d "$(DESTDIR)$(PREFIX)/share/backfilld"
	cp -R etc/examples "$(DESTDIR)$(PREFIX)/share/backfilld/"
	sed -i 's|/usr/local/share/|$(PREFIX)/share/|' \
	  "$(DESTDIR)$(PREFIX)/share/backfilld/examples/flights/windows.d/flights.yaml"

# Leaves the configuration and the ledger: they are the user's.
uninstall:
	rm -f "$(DESTDIR)$(PREFIX)/sbin/backfilld" "$(DESTDIR)$(PREFIX)/bin/backfillctl"
	rm -f "$(DESTDIR)$(UNITDIR)/backfilld.service"
	rm -rf "$(DESTDIR)$(PREFIX)/share/backfilld"

clean:
	$(SWIFT) package clean
	$(SWIFT) package --package-path Benchmarks clean
