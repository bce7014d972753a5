"""Importers of trainings: LHEO XML and the provider CSV.

Read → parse → load: `lheo` and `csv_file` yield the plain rows of `rows`; `loading`, which they share,
compares them with the database and loads.
"""
