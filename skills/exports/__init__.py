"""The referential in the formats that others read: SKOS (Turtle, JSON-LD), CSV, JSON, and its own source files.

One rule: an export is made of the same entries whether they come from the files or from the database.
"""
