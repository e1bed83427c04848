"""One loop for everything that is due: beats, expiries, what waits to be sent.

A module's ``jobs.py`` registers thin functions with `@job`; the worker calls them in the order of
the house and sleeps exactly until the next of them is due.
"""

from loop28.kernel.jobs.loop import batches, job, run_due, work_until

__all__ = ["batches", "job", "run_due", "work_until"]
