"""One person across chat, page and order: who a member is, how we know, what they agreed to.

Not here: which lines they are in (`lines`), which level they have (`ladder`).
"""
