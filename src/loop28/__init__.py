"""Loop28 runs 7+21 newcomer lines for social-commerce companies."""
