"""Tracked links, clicks, fan locks: who shared what, who touched it, and whose fan that person is.

Not here: tasks that count clicks and fans (`tasks`), anything that is earned by them (`rewards`). A
lock by itself earns nothing.
"""
