"""Levels: who became owner or supervisor, by which numbers or whose word; who may host a line."""
