let placeholderBackfillExec = 1
