"""Values and policies that every three-way decision shares."""
