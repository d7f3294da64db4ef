// SPDX-License-Identifier: MIT

import Glibc

/// Another program of this machine, to be run once with nothing to read and nothing to say.
package struct ChildProgram: Sendable, Equatable {
  /// Where it lies.
  package let path: String

  /// How it came to its end.
  package enum Outcome: Sendable, Equatable {
    /// By itself, with this status; 0 is success.
    case ended(status: Int32)
    /// It was not begun, or a signal or the end of `patience` stopped it.
    case failed
  }

  /// A hundredth of a second, in microseconds: how often is asked whether it has ended.
  private static let pause: UInt32 = 10_000

  /// Finds a program as a shell does; nil if no folder has it.
  ///
  /// - Parameters:
  ///   - name: Its name, without a folder.
  ///   - searchPath: Folders with colons between them, as in `PATH`; relative ones are left out.
  package init?(named name: String, in searchPath: String) {
    let folders = searchPath.split(separator: ":").filter { $0.hasPrefix("/") }
    let paths = folders.map { "\($0)/\(name)" }
    guard let path = paths.first(where: { access($0, X_OK) == 0 }) else { return nil }
    self.path = path
  }

  /// Runs it to its end.
  ///
  /// - Parameters:
  ///   - arguments: What stands behind its name.
  ///   - patience: Seconds after which it is stopped.
  /// - Returns: How it ended.
  /// - Throws: `Interrupted` if a stop was requested; then it is stopped too.
  package func run(_ arguments: [String], patience: Int) throws(Interrupted) -> Outcome {
    guard let process = spawn(arguments) else { return .failed }
    let rounds = patience * 1_000_000 / Int(Self.pause)
    for _ in 0..<rounds {
      var status: Int32 = 0
      let ended = waitpid(process, &status, WNOHANG)
      if ended == process { return Self.outcome(status) }
      if ended < 0, errno != EINTR { return .failed }
      if Interruption.isRequested() {
        stop(process)
        throw Interrupted()
      }
      usleep(Self.pause)
    }
    stop(process)
    return .failed
  }

  /// The macros of `sys/wait.h`, which Swift does not see.
  private static func outcome(_ status: Int32) -> Outcome {
    let signal = status & 0x7f
    return signal == 0 ? .ended(status: (status >> 8) & 0xff) : .failed
  }

  private func stop(_ process: pid_t) {
    // With all that it has started itself.
    kill(-process, SIGKILL)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
  }

  /// Begins it in a process group of its own, so that a Ctrl-C at the terminal is ours to answer.
  private func spawn(_ arguments: [String]) -> pid_t? {
    var (actions, attributes) = (posix_spawn_file_actions_t(), posix_spawnattr_t())
    guard posix_spawn_file_actions_init(&actions) == 0 else { return nil }
    defer { posix_spawn_file_actions_destroy(&actions) }
    guard posix_spawnattr_init(&attributes) == 0 else { return nil }
    defer { posix_spawnattr_destroy(&attributes) }
    for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
      posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_RDWR, 0)
    }
    var (none, all) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
    posix_spawnattr_setflags(&attributes, Int16(flags))
    let words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) }
    defer { for word in words { free(word) } }
    var process: pid_t = 0
    let fault = posix_spawn(&process, path, &actions, &attributes, words + [nil], environ)
    return fault == 0 ? process : nil
  }
}
