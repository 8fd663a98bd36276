"""Who acts for this party, with which powers, and who must approve."""
