"""One made-up skin-care brand, simulated day by day: pure functions that return data frames.

Everything an export shows derives from here, and so does every planted truth. Nothing in this package reads or
writes a file; ``generate.py`` beside it does. Before the first exported day there are thirteen months that no
export shows, so that customers, presale balances and 30-day counters have a past.
"""
