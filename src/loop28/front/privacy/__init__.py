"""A person's rights: to see what is kept about them, to be erased, to be forgotten in time.

Each module says itself what it keeps and makes it unreadable: its `privacy.py`, a `kernel.privacy`
Keeper. Not here: consent (`members`), visitors who never joined (`referrals.forgetting`).
"""
