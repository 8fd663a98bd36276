"""What every list shares: columns to sort by, pages, and exports of all its rows as filtered."""
