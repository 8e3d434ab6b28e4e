let placeholderBackfillEngine = 1
