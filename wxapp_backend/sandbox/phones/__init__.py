"""What people do with their phones, and what the phones show."""
