#!/usr/bin/env python
"""Django's command line for this project."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("DATABASE_WAIT", "0")  # a command waits for the database as long as it takes
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
