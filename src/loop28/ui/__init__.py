"""One look for console, cockpit and member pages: tokens, parts, charts, base templates.

It draws what it is given. It reads no table and knows no rule of the business.
"""
