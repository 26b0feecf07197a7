"""What tests share: where the repository's files are, and how pytest and other runners run under Bazel."""
