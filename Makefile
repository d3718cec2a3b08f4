# Everything runs from here: `make run` to look at it, `make test` to check it, `make serve` as in production.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r
INSTALLED := .venv/installed
WITH_TESTS := .venv/installed-test

# What is compiled is kept, whatever the machine says: a run of the tests starts some hundred processes.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run serve test sqlite postgresql compiled deployable bench lint lock messages pictures browser clean

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed.")'
	$(PYTHON) -m venv .venv

# A lock is installed whole and by hash; a stamp is as old as the lock it stands for. That of the tests holds the other.
$(INSTALLED): requirements.txt | $(BIN)/python
	$(INSTALL) $<
	touch $@

$(WITH_TESTS): requirements-test.txt | $(BIN)/python
	$(INSTALL) $<
	touch $(INSTALLED) $@

# The worker that sends mails runs beside the web process, which takes the place of the shell that started both: the worker
# ends when that process does, however it ends.
run: export DEBUG = 1
run serve: export SITE_ADDRESS := $(or $(SITE_ADDRESS),http://127.0.0.1:$(PORT))
run: $(INSTALLED)
	$(BIN)/python manage.py migrate --verbosity 0
	$(BIN)/python manage.py load_content
	$(BIN)/python manage.py demo --address http://127.0.0.1:$(PORT)
	$(BIN)/python manage.py db_worker --parent $$$$ & exec $(BIN)/python manage.py runserver --noreload 127.0.0.1:$(PORT)

# As in production: no DEBUG, several workers, static files compressed and hashed. A key made once stands in for SECRET_KEY.
serve: export SECRET_KEY := $(or $(SECRET_KEY),$(shell mkdir -p var && (umask 077; test -s var/secret-key || LC_ALL=C tr -dc 'A-Za-z0-9' </dev/urandom | head -c 64 >var/secret-key); cat var/secret-key))
serve: export BIND := $(or $(BIND),127.0.0.1:$(PORT))
serve: export HTTPS := $(or $(HTTPS),0)
serve: $(INSTALLED)
	$(BIN)/python manage.py migrate --verbosity 0
	$(BIN)/python manage.py load_content
	$(BIN)/python manage.py collectstatic --noinput --verbosity 0
	$(BIN)/python manage.py db_worker --parent $$$$ & exec $(BIN)/gunicorn --config config/gunicorn.py

lint: $(WITH_TESTS)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python .ci/messages.py --check

# Two things at a time: while one waits for a mail server or a browser, the other computes. The processes of both runs then
# find compiled what each would compile for itself.
test: $(WITH_TESTS)
	$(MAKE) --jobs=3 lint browser compiled deployable
	$(MAKE) --jobs=2 sqlite postgresql

deployable: $(WITH_TESTS)
	DEBUG=1 $(BIN)/python manage.py makemigrations --check --dry-run
	SECRET_KEY=$$(head -c 48 /dev/urandom | od -An -tx1 | tr -d ' \n') ALLOWED_HOSTS=example.org $(BIN)/python manage.py check --deploy --fail-level WARNING

sqlite postgresql:
	$(BIN)/python -m tests --database $@ -n 2

compiled: $(WITH_TESTS)
	$(BIN)/python -m pytest --collect-only --quiet --quiet >/dev/null

browser: $(WITH_TESTS)
	$(BIN)/python .ci/browser.py

bench: $(WITH_TESTS)
	$(BIN)/python -m tests.benchmarks
	$(BIN)/python -m tests.benchmarks.survey sqlite
	$(BIN)/python -m tests.benchmarks.survey postgresql
	KILLS=all $(BIN)/python -m tests --database sqlite tests/test_mail_crash.py -q
	KILLS=all $(BIN)/python -m tests --database postgresql tests/test_mail_crash.py -q
	KILLS=all $(BIN)/python -m tests --database sqlite tests/test_barometer_nightly.py -q -k killed
	KILLS=all $(BIN)/python -m tests --database postgresql tests/test_barometer_nightly.py -q -k killed
	HYPOTHESIS_PROFILE=thorough $(BIN)/python -m tests --database sqlite tests/test_barometer_property.py -q
	OUTAGE_SECONDS=30 $(BIN)/python -m tests --database sqlite tests/test_crash.py -q -s -k outage
	OUTAGE_SECONDS=30 $(BIN)/python -m tests --database postgresql tests/test_crash.py -q -s -k outage
	HYPOTHESIS_PROFILE=thorough $(BIN)/python -m tests --database sqlite -q -n 2 -k "(not inference or inference_figures) and not barometer_property"
	HYPOTHESIS_PROFILE=thorough $(BIN)/python -m tests --database postgresql -q -n 2 -k "not inference"
	$(BIN)/python -m tests.benchmarks.hostile sqlite
	$(BIN)/python -m tests.benchmarks.hostile postgresql
	$(BIN)/python -m tests.benchmarks.connections sqlite
	$(BIN)/python -m tests.benchmarks.connections postgresql
	$(BIN)/python -m tests.benchmarks.proxy
	$(BIN)/python -m tests.benchmarks.memory
	$(BIN)/python -m tests.benchmarks.barometer

messages: $(INSTALLED)
	$(BIN)/python .ci/messages.py

pictures: browser
	$(BIN)/python .ci/pictures.py

lock: COMPILE := $(BIN)/uv pip compile --quiet --upgrade --generate-hashes --universal --python-version 3.11 --no-header --no-emit-index-url --no-emit-find-links
lock: | $(BIN)/python
	$(BIN)/python -m pip install --quiet uv
	$(COMPILE) -o requirements.txt pyproject.toml
	$(COMPILE) -o requirements-test.txt --extra test -c requirements.txt pyproject.toml

clean:
	rm -rf .venv var .pytest_cache .mypy_cache .ruff_cache .hypothesis
