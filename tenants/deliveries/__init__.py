"""A delivery: the three files of an association's own system, read and judged row by row.

Nothing here knows the database. Reading chooses its columns by their heading before the first row, so a BSN or
a rent is never a value anywhere.
"""
