"""What the mini-program asks for that joins several features: the login, "me", the shop itself."""
