"""Entitlements: what a member has earned, granted at once, paid from the line's budget.

Not here: what earns them (`tasks`), red packets (`packets`), cashing out (`finance`).
"""
