"""What programs of our own authority may read and prepare; every act stays with officials."""
