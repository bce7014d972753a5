"""Job profiles and needs from human-edited files. Read → parse → plan → load, as in `skills.imports`."""
