"""Mutation testing of the code of money and screening."""
