"""Making posters: `commission` decides in the database, `press` draws and keeps outside of it."""
