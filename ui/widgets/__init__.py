"""Widgets that several windows use. They do not depend on plans."""
