"""What tickets' logs say: replies, promises kept, and who waits at an instant."""
