// SPDX-License-Identifier: MIT

import FoundationEssentials

/// How many processors there are.
package enum ProcessorCount {
  /// Cores with arithmetic units of their own; two threads of one core only share them.
  package static let physical: Int = {
    let online = ProcessInfo.processInfo.activeProcessorCount
    var cores: Set<String> = []
    for processor in 0..<online {
      let folder = "/sys/devices/system/cpu/cpu\(processor)/topology"
      let parts = ["physical_package_id", "core_id"].compactMap {
        try? String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8)
      }
      guard parts.count == 2 else { return online }
      cores.insert(parts.joined())
    }
    return max(1, min(cores.count, online))
  }()
}
