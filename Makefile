# Each target sets up what it needs on Debian 12, then runs.
.PHONY: demo kiosk test bench soak soak-paper fuzz setup

PAGES ?= 100
SEED ?= 1

demo:  ## A resident's certificate from card to paper, without a window.
	@.ci/demo

kiosk: ## The terminal's window on a fresh world.
	@.ci/demo --window

test:  ## Every check and test.
	@.ci/test

bench: ## Every benchmark, with the ratios against peers.
	@.ci/setup bench
	@cargo build --quiet --release --workspace --bins --benches
	@cargo bench --workspace $(foreach name,card cassette composition endurance frame issuance peers reader records terminal,--bench $(name))

soak:  ## The long forms: the storm, ten thousand killed sessions, and PAGES pages of paper a class from SEED.
	@.ci/setup test
	@cargo build --quiet --workspace --bins --tests
	@STORM_SECONDS=60 INTERRUPTIONS=10000 cargo test --workspace --test storm --test interruptions -- --nocapture
	@$(MAKE) --no-print-directory soak-paper

# Only our own crates are optimised further: what they stand on is already.
soak-paper: ## PAGES pages of paper a class from SEED, on all processors.
	@.ci/setup test
	@CARGO_PROFILE_DEV_OPT_LEVEL=3 cargo build --quiet --workspace --bin paper_soak
	@for what in decode destroyed dense forgeries codes; do nice $${CARGO_TARGET_DIR:-target}/debug/paper_soak $$what $(PAGES) $(SEED) || exit 1; done

fuzz:  ## Every reader of bytes against a fuzzer: SECONDS=60 for each.
	@.ci/fuzz $(or $(SECONDS),60)

setup: ## Only the set-up for everything.
	@.ci/setup test
