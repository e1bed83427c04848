from pathlib import Path

import pytest


@pytest.fixture
def at(at, settings, tmp_path: Path):
    """The clock, with uploads and the register of who was erased in a folder of their own."""
    settings.MEDIA_ROOT, settings.ERASED = tmp_path / "uploads", tmp_path / "erased"
    return at
