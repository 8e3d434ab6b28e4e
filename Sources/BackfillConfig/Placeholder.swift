let placeholderBackfillConfig = 1
