"""The default engine: tantivy for words, exact vectors in memory-mapped arrays, numpy columns for filters and facets."""
