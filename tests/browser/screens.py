"""What is measured on a page in a real browser."""

from playwright.sync_api import Page


def fits(page: Page) -> bool:
    """Whether nothing of the loaded page is wider than its window.

    A click returns when the next page begins to load: for an instant it has no element yet.
    """
    page.wait_for_load_state()
    wide: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return wide <= 0
