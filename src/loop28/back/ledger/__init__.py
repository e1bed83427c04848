"""The only place where money and points move: accounts, and transfers between two of them.

Not here: why something moves. `finance` owns budgets, `rewards` entitlements, `packets` gifts.
"""
