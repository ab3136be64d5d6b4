"""What tests stand on: a throwaway home, a PostgreSQL of our own, a browser."""
