"""Who talks: the conversation, its channels, the documents it hands out, the review."""
