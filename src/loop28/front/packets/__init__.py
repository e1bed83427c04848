"""Red packets: a gift of a published fixed total, split into shares that group members open."""
