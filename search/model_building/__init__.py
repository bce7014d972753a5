"""Building the product's own embedding model: texts → base model → training → a folder that ships.

One rule: nothing here reads an evaluation file, and no pair joins ROME to ESCO. Everything but `manage.py build_model` runs
without Django, so that the training itself can be taken to a machine that has only the model library.
"""
