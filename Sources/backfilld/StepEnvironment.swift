import BackfillHost

/// What a step's environment starts from: a few names of the daemon's own, or the account's of another user.
struct StepEnvironment: Sendable {
  private let own: UserAccount
  private let inherited: [String: String]
  /// What the steps of the daemon's own user get, which is what most steps get: worked out once.
  private let ofOwn: [String: String]

  init(environment: [String: String]) throws(StartFailure) {
    do {
      own = try UserAccount.current()
    } catch {
      throw StartFailure(message: "\(error)")
    }
    inherited = environment
    ofOwn = ProcessEnvironment.forSteps(of: own, own: own, from: environment)
  }

  /// For a step of `user`; `nil`: the daemon's own.
  func values(for user: String?) -> [String: String] {
    guard let user else { return ofOwn }
    return ProcessEnvironment.forSteps(of: account(of: user), own: own, from: inherited)
  }

  private func account(of user: String) -> UserAccount {
    do {
      return try UserAccount.named(user) ?? own
    } catch {
      return own  // The executor looks the user up again, and says that it cannot.
    }
  }
}
