// SPDX-License-Identifier: MIT

extension Program {
  /// A step in one line; listings, steps and errors all use this form.
  ///
  ///     blocks.0.attn.scores = scale(blocks.0.attn.dots, 0.353553)
  package func line(_ index: Int) -> String {
    let step = steps[index]
    let arguments = step.inputs.map { self[$0].name } + step.op.settings
    return "\(self[step.output].name) = \(type(of: step.op).card.name)"
      + "(\(arguments.joined(separator: ", ")))"
  }
}
