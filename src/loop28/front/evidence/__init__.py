"""Pictures by which members prove tasks, and the people of the desk who look at them.

A picture is looked at by a person, who decides; two decide about much money, and some of what was
approved is looked at once more. Not here: what a task earns (`tasks`), how a picture is made anew
(`kernel.pictures`). Read `rules`, then `actions`; `kin` says who may not look at whose.
"""
