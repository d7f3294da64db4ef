// SPDX-License-Identifier: MIT

import PassoData
import PassoText

/// A command line that asks for something that does not go; the exit status is 2.
struct UsageProblem: Problem, Hashable {
  let message: Bilingual
  var hint: Bilingual?

  /// Says what was needed and what was found, and one thing to do.
  init(_ message: Bilingual, hint: Bilingual? = nil) {
    self.message = message
    self.hint = hint
  }

  /// Says in both languages what was needed and what was found.
  init(it: String, en: String, hint: Bilingual? = nil) {
    self.init(Bilingual(it: it, en: en), hint: hint)
  }

  /// An option has a value that it does not want.
  init(_ option: String, needs needed: Bilingual, got found: String, hint: Bilingual? = nil) {
    self.init(
      Bilingual(
        it: "\(option) vuole \(needed.it), non \(it: found)",
        en: "\(option) needs \(needed.en), got \(en: found)"
      ),
      hint: hint
    )
  }

  /// One of two options is needed, and none or both are there.
  init(_ command: String, needsOneOf options: (String, String), gotBoth: Bool, hint: Bilingual?) {
    let (first, second) = options
    let found =
      gotBoth
      ? Bilingual(it: "non tutte e due", en: "got both")
      : Bilingual(it: "non c'è nessuna delle due", en: "got neither")
    self.init(
      Bilingual(
        it: "\(command) vuole \(first) o \(second), ",
        en: "\(command) needs \(first) or \(second), "
      ) + found,
      hint: hint
    )
  }

  /// Options that are of use beside another one only.
  init(_ options: [String], areFor purpose: Bilingual, got found: Bilingual, hint: Bilingual? = nil)
  {
    let (single, last) = (options.count == 1, options.last ?? "")
    let start = options.dropLast().joined(separator: ", ")
    let it = single ? "\(last) va" : "\(start) e \(last) vanno"
    let en = single ? "\(last) is" : "\(start) and \(last) are"
    self.init(
      Bilingual(it: "\(it) con \(purpose.it), non ", en: "\(en) for \(purpose.en), got ")
        + found,
      hint: hint
    )
  }
}

extension Bilingual {
  /// The text in the language of this process, for what is printed as it is, as help is.
  var spoken: String { self[Invocation.current.language] }
}
