// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoText

/// Whether another program talks to the REPL, and not a person.
struct ProtocolOptions: ParsableArguments {
  @Option(
    it: "Per altri programmi, come il kernel di Jupyter: json, un oggetto per riga, nei due sensi.",
    en: "For other programs, such as the kernel of Jupyter: json, one object a line, both ways.",
    parser: ValueParser.name(of: ["json"])
  )
  var `protocol`: String?

  var isWanted: Bool { `protocol` != nil }
}
