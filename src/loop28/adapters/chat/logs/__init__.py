"""Chats that were written down elsewhere, as text files of a day each: read, never written.

Not a platform one talks through: a group's past, or a rehearsal's real words.
"""
