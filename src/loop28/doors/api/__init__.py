"""JSON for machines that hold a key."""
