"""The operators' pages: war room, lines, playbooks, hosts, orders, money, staff.

Views decide the actor, ask queries, show a page; or call one action and go back. No rule of the
business lives here.
"""
