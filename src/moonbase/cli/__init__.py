"""The command line: parse, call the package, print. Data goes to stdout, the rest to stderr."""
