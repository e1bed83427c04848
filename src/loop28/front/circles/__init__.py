"""Standing groups: interest groups and head users', each with a weekly rhythm, entered by a yes.

Not here: the chat itself (`groups`), a line's own groups and beats (`lines`).
"""
