// SPDX-License-Identifier: MIT

import PassoEngine
import PassoModel
import PassoRuntime

extension Session {
  /// The model as it is now: after an update with the new parameters.
  package var model: Model {
    let experiment = experiment
    return Model(
      configuration,
      ExecutionParameters(timeline.execution, of: configuration, isUpdated: true),
      mask: experiment.mask,
      weighsTargets: experiment.objective.weighsTargets,
      ablatedHeads: experiment.ablatedHeads,
      precision: experiment.precision,
      threads: ProcessorCount.physical
    )
  }

  /// The model with whose parameters the update under way computes.
  package var modelAtWork: Model {
    var model = model
    model.parameters = ExecutionParameters(
      timeline.execution,
      of: configuration,
      isUpdated: false
    )
    return model
  }
}
