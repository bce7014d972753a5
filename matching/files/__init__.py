"""From the bytes of a CV to its visible text: recognise → parse in a child process → say what was left out.

`reading` is the entrance. `kinds` recognises a format from its bytes; `sandbox` starts a child process with few rights,
`child` is what runs in it, and `formats/` holds one reader for each format. `results` is what a reader gives, `words` says it
to a person, in French or English. Everything here is pure, and nothing of a file is written or logged.
`docs/formats/cv.md` says what is read of each format.
"""
