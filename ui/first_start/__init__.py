"""The first start: three steps to a vault with pages."""
