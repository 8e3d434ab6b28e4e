import Glibc

/// A value that each thread has for itself; not owned.
struct ThreadOwn<Value: AnyObject>: Sendable {
  private let key: pthread_key_t

  init() {
    var key = pthread_key_t()
    let problem = pthread_key_create(&key, nil)
    precondition(problem == 0, "no thread-specific key is left")
    self.key = key
  }

  /// The calling thread's.
  var value: Value? {
    get { pthread_getspecific(key).map { Unmanaged<Value>.fromOpaque($0).takeUnretainedValue() } }
    nonmutating set { pthread_setspecific(key, newValue.map { Unmanaged.passUnretained($0).toOpaque() }) }
  }
}
