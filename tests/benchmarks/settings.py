"""The product's settings with the bench's addresses beside the product's own."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.urls"
