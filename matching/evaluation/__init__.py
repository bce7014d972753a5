"""How right matching is: text to skills on annotated texts, rankings on judged people and needs. See `docs/quality.md`."""
