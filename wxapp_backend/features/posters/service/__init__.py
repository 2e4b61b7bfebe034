"""Making posters: `requesting` decides in the database, `rendering` draws and keeps outside it."""
