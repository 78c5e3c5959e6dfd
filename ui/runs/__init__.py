"""Runs that a person or AnkiWeb asked for, and how they are told."""
