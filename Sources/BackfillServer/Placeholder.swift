let placeholderBackfillServer = 1
