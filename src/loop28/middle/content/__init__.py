"""The library of talks with their versions, and the guests who give them with their dates.

A playbook holds the words of its talks itself: here is where they are kept, bettered, copied from.
"""
