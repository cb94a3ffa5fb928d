NOTE = "note"
