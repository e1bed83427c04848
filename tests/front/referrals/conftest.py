import pytest


@pytest.fixture
def link(line):
    """The link to the line's product of somebody who has a seat in it."""
    from tests.front.referrals.kit import product_link
    from tests.line_kit import seated

    return product_link(line, seated(line, 1)[0])
