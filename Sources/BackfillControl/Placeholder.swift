let placeholderBackfillControl = 1
