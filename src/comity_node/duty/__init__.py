"""Who is on duty, what they are called for, and by which ways. All of it is local: nothing of it crosses."""
