"""Synthetic people who live a line through the real actions, in simulated time."""
