"""The outside, one folder each, replaceable."""
