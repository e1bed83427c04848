"""The company's own people and places: staff with roles, regions, cities with tiers, machine keys.

Not here: members and hosts, who are not staff (`middle/members`, `front/ladder`).
"""
