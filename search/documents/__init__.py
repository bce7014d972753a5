"""Objects turned into search documents, one module a kind; `sources` is the table of contents."""
