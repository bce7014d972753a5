"""One reader for each format, all run in the child process: bytes in, `Found` out.

`pdf` (with `pdf_characters`, `pdf_visibility`, `pdf_layout`) judges what is seen by drawing the page; `package` checks a zip
before anything of it is inflated and hands it to `docx` or `odt`, which judge by properties (`styles`, `colours`); `europass`
and `json_documents` keep what speaks of work and skills. `safe_xml` parses, `lines` joins, `html` strips.
"""
