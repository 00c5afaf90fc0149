# Included by the Makefile: the job board with all that it needs.

jobs-demo:  ## the job board on an embedded PostgreSQL, on http://127.0.0.1:$AIOPYR_PORT (6543); Ctrl-C ends it
	@tools/deps.sh build
	@$(MAKE) build/aiopyr_plugin.so build/aiopyr-migrate build/examples/jobs.so
	@UWSGI=$(UWSGI) exec $(PYTHON) tools/jobs_demo.py

.PHONY: jobs-demo
