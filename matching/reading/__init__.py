"""From a text to the skills it shows: words, labels, what is said of them, level and meaning.

`extraction` is the entrance; everything else here is pure.
"""
