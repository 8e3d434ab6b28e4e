/// Programs that the stories run as steps. Each writes down in `/srv/steps` what it does.
enum Steps {
  /// Says `DATE STEP RUN_ID` in `starts`; waits while there is a file `gate-DATE`; then says `DATE STEP` in `effects`.
  ///
  /// What is in `effects` cannot be undone: a line that is there twice is work that was done twice.
  static let gated = """
    #!/bin/sh
    cd /srv/steps || exit 1
    echo "$BACKFILL_DATE $BACKFILL_STEP $BACKFILL_RUN_ID" >> starts
    while [ -e "gate-$BACKFILL_DATE" ] && [ "$BACKFILL_STEP" = features ]; do sleep 0.1; done
    echo "$BACKFILL_DATE $BACKFILL_STEP" >> effects
    sync effects
    echo "$BACKFILL_STEP of $BACKFILL_DATE is done"
    echo '{"attempted": 1, "records": 1}' > "$BACKFILL_REPORT"
    """

  /// Two steps over dates of January 2024, on a schedule that does not fire by itself today.
  static func window(_ dates: String, extra: String = "") -> String {
    """
    dates: {from: 2024-01-01, to: 2024-01-\(dates)}
    schedule: {when: "0 0 29 2 *", timezone: UTC, missed: skip}
    \(extra)
    steps:
      load: {command: [/srv/steps/step]}
      features: {after: [load], command: [/srv/steps/step]}
    """
  }
}
