"""What is lost, left half or left readable: each part prints counts, and none trusts the code that it tests."""
