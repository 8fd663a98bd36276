"""What this node knows of the Parties to instruments, brought up to date between releases."""
