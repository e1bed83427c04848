"""The journal: what happened, written once, in the transaction that did it.

`@action` opens that transaction, `now()` is its time, `record()` writes its facts, `@reacts_to`
listens. Audit log, outbox and source of analytics at once.
"""

from loop28.kernel.journal.facts import Fact
from loop28.kernel.journal.work import action, after_commit, now, reacts_to, record, undone

__all__ = ["Fact", "action", "after_commit", "now", "reacts_to", "record", "undone"]
