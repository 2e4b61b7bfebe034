"""Who is who: people, their openids, phones and sessions, consent, and the keys of programs."""
