"""Where static files are once they are collected: named by their content, compressed, each address worked out once a process."""

from functools import lru_cache

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):
    url = lru_cache(maxsize=1000)(CompressedManifestStaticFilesStorage.url)
