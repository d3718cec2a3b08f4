"""How gunicorn serves the site: `gunicorn --config config/gunicorn.py`."""

import os

wsgi_app = "config.wsgi"
bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = os.environ.get("WORKERS", "3")
threads = 4
worker_class = "config.serving.Worker"
