// SPDX-License-Identifier: MIT

import PassoFiles

/// Models that no other program has a place for: names and shapes are those of the house plan.
struct PassoFormat: ModelFormat {
  let modelType = PassoSettings.modelType
  let inner = ""
  let embedding = "W_E"
  let head = "W_U"

  var settings: any FamilySettings { PassoSettings() }

  func members(of model: ModelConfiguration) -> [ConfigMember] { PassoSettings.members(of: model) }

  func tensors(of model: ModelConfiguration) -> [PackedTensor] {
    model.parameterSpecs.map { PackedTensor("\($0.name)", $0.shape.sizes, [$0.name]) }
  }

  func firstTensor(ofBlock block: Int) -> String {
    "\(ValueName.block(block, .attention(.weightQ)))"
  }
}
