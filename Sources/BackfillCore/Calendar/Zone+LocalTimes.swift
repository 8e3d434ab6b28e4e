extension Zone {
  /// The instants at which a wall clock in this zone shows `local`, earliest first.
  ///
  /// None where the clock jumps over it, two where the clock shows it twice.
  public func instants(of local: LocalTime) -> [Instant] {
    let spans = spans(around: local)
    return spans.compactMap { span in
      let seconds = local.secondsAsUTC - span.offset
      return seconds >= span.start && seconds < span.end ? Instant(seconds: seconds) : nil
    }
  }

  /// The first instant at which a wall clock in this zone shows `local`; `nil` where the clock jumps over it.
  public func firstInstant(of local: LocalTime) -> Instant? {
    instants(of: local).first
  }

  /// The instant at which the jump over `local` ends; `nil` when the clock does show `local`.
  public func gapEnd(of local: LocalTime) -> Instant? {
    let spans = spans(around: local)
    guard instants(of: local).isEmpty else { return nil }
    for (before, after) in zip(spans, spans.dropFirst())
    where local.secondsAsUTC >= after.start + before.offset && local.secondsAsUTC < after.start + after.offset {
      return Instant(seconds: after.start)
    }
    return nil
  }

  /// The instant for a wall-clock reading that must name exactly one: the first pass where it repeats, the end of the gap
  /// where the clock jumps over it.
  public func instant(ofFirst local: LocalTime) -> Instant {
    firstInstant(of: local) ?? gapEnd(of: local) ?? Instant(seconds: local.secondsAsUTC)
  }

  /// Every span that can hold `local`, in order: no offset is as large as 27 hours.
  private func spans(around local: LocalTime) -> [ZoneSpan] {
    var found = [span(at: local.secondsAsUTC - 97_200)]
    while let last = found.last, last.end <= local.secondsAsUTC + 97_200 {
      found.append(span(at: last.end))
    }
    return found
  }
}
