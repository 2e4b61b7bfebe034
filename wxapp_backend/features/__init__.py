"""What the product does, feature by feature; each is entered through its `api` and `events`."""
