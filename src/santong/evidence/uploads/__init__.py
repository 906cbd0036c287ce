"""How files come in over HTTP and go out again, for contexts whose subjects they stand behind.

Evidence has no page of its own: whose business a subject is decides who may see its files.
"""
