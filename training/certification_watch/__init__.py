"""The certification watch: registrations that have ended, end within a year or were replaced, and sessions that come too late.

`rules` decides, without Django; `queries` reads from the database what it decides on. Imports warn by
`training.importers.certification_watch`; screens, search and the command ask these two. The rules: `docs/formats/rncp.md`.
"""
