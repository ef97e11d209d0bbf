"""The WSGI entry point: ``gunicorn wsgi:app``."""

from matchmaker.bootstrap import bootstrap
from matchmaker.web.app import create_app

app = create_app(bootstrap())
