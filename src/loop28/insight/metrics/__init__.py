"""Figures for pages: what lines do, cost and need now.

It reads what the modules publish in their queries and changes nothing. Every figure of many lines
costs the same number of statements, however many lines there are.
"""
