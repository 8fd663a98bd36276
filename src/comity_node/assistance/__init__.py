"""The room of legal assistance: requests drafted, lodged, answered, and where each stands."""
