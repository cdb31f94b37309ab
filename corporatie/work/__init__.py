"""What I must do, and what I should know: follow-ups, promises, notices, mail."""
