"""Public views: each reads the request, calls one function of a lower app, and renders.

One rule: nothing that a person typed is stored or logged; bad input gets a page that says what to do.
"""
