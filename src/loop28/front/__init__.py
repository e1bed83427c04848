"""The small front: what the regions run."""
