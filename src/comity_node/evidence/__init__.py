"""The room of evidence: exhibits, their seals, their hand-overs, their chain of custody."""
