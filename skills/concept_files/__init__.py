"""The referential as files: their format, how they are read, and the rules they keep. Pure: no Django.

One rule: everything that can be wrong with the files is said here, with file, line and code, before anything is loaded.
The format is documented in docs/formats/referential.md.
"""
