"""What people read: the terminal page, the comparison of runs, the self-contained HTML report."""
