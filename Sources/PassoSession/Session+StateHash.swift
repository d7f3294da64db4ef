// SPDX-License-Identifier: MIT

import PassoEngine
import PassoFiles
import PassoModel
import PassoRuntime
import PassoText

extension Session {
  /// A fingerprint of all that decides what comes next: every value, where the run is, and what a
  /// person has chosen, also where no value shows it yet.
  ///
  /// How far one `:next` moves and what was shown are no part of it.
  ///
  /// - Throws: `ExecutionProblem.refused`, as `Execution.stateHash`.
  package var stateHash: UInt64 {
    get throws(ExecutionProblem) {
      var hash = StateHash()
      hash.add(try timeline.stateHash)
      for text in choices { hash.add(text) }
      for (name, tensor) in bindings.sorted(by: { $0.key < $1.key }) {
        hash.add(name)
        hash.add(tensor.shape.description)
        hash.add(tensor)
      }
      return hash.value
    }
  }

  /// The fingerprint as it is shown: 16 digits.
  ///
  /// - Throws: `ExecutionProblem.refused`, as `Execution.stateHash`.
  package var stateDigits: String {
    get throws(ExecutionProblem) { ContentHash.digits(try stateHash) }
  }

  /// The same for a command, which can be stopped.
  ///
  /// - Throws: `Interrupted`, or `ExecutionProblem.refused`.
  package func wantedDigits() throws -> String {
    let session = self
    return try Interruption.attending { try session.stateDigits }
  }

  /// Where files are on the disk decides nothing: what they hold does.
  private var choices: [String] {
    let model = String(ModelDescription(configuration).fingerprint)
    let texts = opened.corpus.map { String($0.shards.fingerprint, radix: 16) } ?? "-"
    let named = experiment.fields.filter { !Experiment.pathFields.contains($0.name) }
    return [model, texts] + named.flatMap { [$0.name] + $0.words } + tokenizer.tokens
  }
}
