"""What every room shares: errors, the table of unit suffixes, physical constants, array types."""
