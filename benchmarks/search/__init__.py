"""Speed of the search engines side by side. Run: `python -m benchmarks.search` (`--help` lists the options)."""
