/// A value that is copied as a reference: what lies deep in the state of the loop and seldom changes.
final class Shared<Value: Sendable>: Sendable {
  let value: Value

  init(_ value: Value) {
    self.value = value
  }
}
