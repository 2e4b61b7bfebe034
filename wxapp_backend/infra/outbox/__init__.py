"""Events and their deliveries: rows in the business transaction, carried out afterwards.

`rows` holds the two tables, `stage` writes them, `handlers` says what a subscriber may be,
`deliver` carries one delivery out, `runner` does so in threads of this process.
"""
