// SPDX-License-Identifier: MIT

extension FastProgram {
  /// What is wrong with the order of the steps, by the readable program whose work they do.
  ///
  /// Each readable step has to be done by one fast step, and none before what it reads. This sees
  /// what memory does not tell: that a value has been changed where it is since, or not yet.
  ///
  /// - Parameter readable: The program whose fast form this is.
  /// - Returns: The findings, in the order of the readable steps; empty for a sound program.
  package func orderFindings(_ readable: Program) -> [FastFinding] {
    var owners: [[Int]] = Array(repeating: [], count: readable.steps.count)
    for (index, step) in steps.enumerated() {
      for covered in step.covers { owners[covered].append(index) }
    }
    var findings: [FastFinding] = []
    for (index, step) in readable.steps.enumerated() {
      guard owners[index].count == 1, let owner = owners[index].first else {
        let fault = FastFinding.Fault.covered(times: owners[index].count)
        let name = readable[step.output].name
        findings.append(FastFinding(step: nil, value: name, fault: fault))
        continue
      }
      for input in step.inputs {
        guard let producer = readable[input].producer, let first = owners[producer].first,
          first > owner
        else { continue }
        findings.append(
          FastFinding(
            step: place(of: owner),
            value: readable[input].name,
            fault: .tooEarly(before: place(of: first))
          )
        )
      }
    }
    return findings
  }
}
