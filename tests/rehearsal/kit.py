"""A loyalty programme, and the lines of a transcript."""

LOYALTY = """
loop28: 1
key: loyalty
name: Loyalty offers
tasks:
  - key: two
    name: Two visits
    kind: measured
    how: Visit twice.
    effort: 1h
    window: 20d
    measure: {fact: visit, count: number, at_least: 2}
    reward: {points: 5, first: 1, badge: Regular}
  - key: daily
    name: Daily visit
    kind: measured
    how: Visit each day.
    effort: 1h
    window: day 1
    repeat: {per: day, at_most: 3}
    measure: {fact: visit, count: number, at_least: 1}
    reward: {points: 2}
  - key: spend
    name: Spend
    kind: measured
    how: Spend.
    effort: 1h
    window: 5d
    measure: {fact: spend, count: sum, at_least: "10"}
    reward: {points: 5, tiers: [{at_least: "20", points: 12}]}
  - key: paid
    name: Paid visit
    kind: measured
    how: Visit.
    effort: 1h
    window: 5d
    measure: {fact: visit, count: number, at_least: 1}
    reward: {money: "5.00"}
"""


def assign(member, task, at=0):
    return {"at": at, "type": "assign", "member": member, "task": task}


def fact(at, kind, member, **more):
    return {"at": at, "type": "fact", "kind": kind, "member": member, **more}
