"""Make sure that a Chromium can be started for the browser tests; say what to install when none can be had."""

import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.browser.chromium import executable


def attempts():
    """Ways to get a browser, the least intrusive first."""
    yield [sys.executable, "-m", "playwright", "install", "chromium"]
    if shutil.which("apt-get"):
        yield ["apt-get", "update", "-qq"]
        yield ["apt-get", "install", "-y", "-qq", "chromium-headless-shell"]  # a fifth less work than the whole browser
        yield ["apt-get", "install", "-y", "-qq", "chromium"]


def main() -> int:
    for command in attempts():
        if executable():
            return 0
        print("No Chromium yet, trying:", *command, flush=True)
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, timeout=900)
    if executable():
        return 0
    print("The browser tests need Chromium: install the system's package `chromium`, or name its program in CHROMIUM.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
