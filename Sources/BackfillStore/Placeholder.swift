let placeholderBackfillStore = 1
