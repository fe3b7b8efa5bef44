# What each command promises stands in README.md. PYTHON=…, PORT=… and QUNYING_HOME=… choose.
SHELL := /bin/sh
PORT ?= 8000
set_up = @sh tools/with_python.sh tools/set_up.py
python = .venv/bin/python

.PHONY: setup run test check bench nightly train format reference lock clean

run: setup            ## set up, demo community, console, workers; Ctrl-C stops everything
	@exec .venv/bin/qunying up --port $(PORT)

setup:                ## what running needs, nothing more
	$(set_up) run

test:                 ## everything that this machine can run
	$(set_up) dev
	@$(python) -m tools.run_tests

check:                ## format, types, contracts, texts, migrations, generated pages, house rules
	$(set_up) dev
	@$(python) -m tools.check

bench:                ## ours against others, which are among the packages of development
	$(set_up) dev
	@.venv/bin/qunying bench

nightly:              ## also what takes long, with the extras
	$(set_up) nightly
	@$(python) -m tools.run_tests --nightly

train:                ## the models of judgement anew, from the public sets (QUNYING_DATA) and our labelled lines
	$(set_up) dev
	@$(python) -m training.cards
	@$(python) -m training.answers --away
	@$(python) -m training.threads
	@$(python) -m training.texts
	@$(python) -m training.guard
	@$(python) -m training.contacts

format:               ## what can be mended by a tool: code, templates
	$(set_up) dev
	@.venv/bin/ruff format -q . && .venv/bin/ruff check --fix -q . ; .venv/bin/ruff format -q .
	@find qunying -path '*/templates/*.html' -exec .venv/bin/djade --target-version 5.2 {} +

reference:            ## write docs/reference/ anew
	$(set_up) dev
	@$(python) -m tools.make_reference

lock:                 ## choose versions that fit pyproject.toml; needs uv
	$(set_up) dev
	@$(python) -m tools.lock

clean:                ## forget what can be made again; data in var/ stays
	rm -rf .venv web/node_modules qunying/ui/static/qunying/build
