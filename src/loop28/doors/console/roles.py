"""Which roles a page of the console is open to."""

from loop28.kernel.access import Role

RUNNERS = (Role.ADMINISTRATOR, Role.REGION_MANAGER)
"""Who changes the course of lines and decides about people."""

FUNDERS = (*RUNNERS, Role.FINANCE)
TAGGERS = (*RUNNERS, Role.MIDDLE)
PUBLISHERS = (*RUNNERS, Role.MIDDLE)
DRAFT_READERS = (*PUBLISHERS, Role.AUDITOR)
REPORTERS = (Role.ADMINISTRATOR, Role.MIDDLE)
PAYERS = (Role.ADMINISTRATOR, Role.FINANCE)
ORDER_READERS = (Role.ADMINISTRATOR, Role.MIDDLE, Role.FINANCE, Role.AUDITOR)
BOOK_READERS = (Role.ADMINISTRATOR, Role.FINANCE, Role.AUDITOR)
STAFF_READERS = (Role.ADMINISTRATOR, Role.AUDITOR)
