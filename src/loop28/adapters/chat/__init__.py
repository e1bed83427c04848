"""Chat platforms behind the Protocol in front/groups/chat.py."""
