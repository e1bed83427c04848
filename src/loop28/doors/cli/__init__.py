"""The command ``loop28``."""
