"""What every importer shares: rows, differences, reports and the command that shows them.

Read → parse → plan → load. An importer yields parsed rows or row errors; the plan compares each row with the database and
says added, changed, unchanged or removed; only `--apply` loads. One bad row never stops the others.
"""
