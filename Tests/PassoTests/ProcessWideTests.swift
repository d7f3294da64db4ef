// SPDX-License-Identifier: MIT
import Foundation
import Testing

@testable import passo

/// Whatever uses the environment and the signals of the process: one test at a time.
@Suite(.serialized)
enum ProcessWideTests {
  /// An environment in which nobody asks for UTF-8: what works there works in any locale.
  static func prepareEnvironment() {
    setenv("EDITRC", "/dev/null", 1)
    setenv("LC_ALL", "C", 1)
  }

  /// A parent may have had Ctrl-C ignored, as shells do for jobs in the background.
  static func watchInterrupts() {
    signal(SIGINT, SIG_DFL)
    Interrupt.watch()
  }
}
