#!/bin/sh
# Stands for a Node that a repository brings.
echo "a Node of one's own"
