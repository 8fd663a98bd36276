"""Node to node: deliveries in and out, and the courier that carries them."""
