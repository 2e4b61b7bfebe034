"""What the storefront does across features."""
