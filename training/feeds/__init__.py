"""Scheduled feeds of trainings: fetch → dry run → circuit breaker → load → store the difference → report.

The pure modules (`addresses`, `connection`, `fetching`, `content`, `folders`, `ownership`, `problems`) know
neither Django nor settings; `running` is the one that speaks to the database. `docs/feeds.md` is the guide.
"""
