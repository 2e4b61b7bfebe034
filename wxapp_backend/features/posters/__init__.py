"""Which poster for whom: facts gathered, picture drawn and checked, kept, re-made when it ages."""
