"""The system's Chromium, which sees nothing but this machine: for tests and for `bench`."""

import shutil

from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)


def launch(playwright: Playwright) -> Browser:
    """Start it without a window; raises FileNotFoundError where none is installed."""
    executable = next(filter(None, map(shutil.which, NAMES)), None)
    if executable is None:
        raise FileNotFoundError("no Chromium is installed")
    return playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
