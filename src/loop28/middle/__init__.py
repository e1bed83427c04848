"""The middle platform, shared by all regions: members and orders."""
