"""Shops: what they say of orders, in forms of their own."""
