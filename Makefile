# Each target sets up what it needs on Debian 12, then runs.
.PHONY: demo kiosk test bench soak fuzz setup

demo:  ## A resident's certificate from card to paper, without a window.
	@.ci/demo

kiosk: ## The terminal's window on a fresh world.
	@.ci/demo --window

test:  ## Every check and test.
	@.ci/test

bench: ## Every benchmark, with the ratios against peers.
	@.ci/setup bench
	@cargo build --quiet --release --workspace
	@cargo bench --workspace --bench card --bench cassette --bench composition --bench issuance --bench reader

soak:  ## The long form of the storm.
	@.ci/setup test
	@cargo build --quiet --workspace
	@STORM_SECONDS=60 cargo test --package tests --test storm -- --nocapture

fuzz:  ## Every reader of bytes against a fuzzer: SECONDS=60 for each.
	@.ci/fuzz $(or $(SECONDS),60)

setup: ## Only the set-up for everything.
	@.ci/setup test
