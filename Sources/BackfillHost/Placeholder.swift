let placeholderBackfillHost = 1
