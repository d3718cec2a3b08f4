"""How gunicorn serves the site: `gunicorn --config config/gunicorn.py`."""

import os
import sys

wsgi_app = "config.wsgi"
bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = os.environ.get("WORKERS", "3")
if workers not in map(str, range(1, 101)):
    sys.exit(f"WORKERS is {workers!r}, but has to be a whole number from 1 to 100.")
threads = 4
worker_class = "config.serving.Worker"
control_socket_disable = True  # nothing is written outside of what the settings name
