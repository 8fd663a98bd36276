"""The room of contact points: where each party is reached, and checks that somebody answers there."""
