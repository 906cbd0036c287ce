"""The code behind `./santong`: everything around the product, nothing of the product.

What runs before the virtual environment exists (`bootstrap`) uses the standard library alone.
"""
