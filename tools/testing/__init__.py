"""What tests share: where the repository's files are, and how pytest runs under Bazel."""
