"""`python -m tests`: pytest, which `tests/environment.py` prepares."""

import sys

import pytest

if __name__ == "__main__":
    sys.exit(pytest.main(sys.argv[1:]))
