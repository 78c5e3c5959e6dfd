"""Starts runs, by hand or around AnkiWeb sync, and shows their results."""
