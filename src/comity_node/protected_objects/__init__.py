"""The room of protected objects: lists declared, shown or committed to; undertakings; who opened what."""
