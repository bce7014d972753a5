"""Making the model that reads passages: from ways of saying each skill and annotated texts to `matching/reading/model`.

`sources` gathers the texts, `passages` trains the two scorers, `curves` fits probabilities and floors, `building` puts them
together; `manage.py build_reader` runs it. The holdout half of the annotated texts is never read here.
"""
