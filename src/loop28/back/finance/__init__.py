"""Budgets of lines, and the payouts members ask for, exported by one person and marked by another.

Not here: why a member has money (`rewards`, `packets`); how balances move (`ledger`).
"""
