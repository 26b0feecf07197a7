"""What Bazel does anew after a change, what it takes from a cache, and that a remote worker makes the same."""
