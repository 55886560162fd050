"""What the routes of the admin API share: optimistic locking, fields, pages, CSV, compression."""
