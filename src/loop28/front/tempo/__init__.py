"""Clicks are looked at as they come: what no hands made waits before it is paid, not after.

Not here: what only a night shows (`watch`), the freeze itself (`back/compliance`), what is held.
"""
