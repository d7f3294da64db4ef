// SPDX-License-Identifier: MIT

// Moments that a person can name.
extension Timeline {
  /// The moment one unit ahead.
  package func moment(after zoom: Zoom) -> Moment {
    let update = isAtEnd ? self.update + 1 : self.update
    guard zoom != .update else { return Moment(update: update, step: stepCount) }
    let round = isAtEnd ? 0 : run.isBetweenRounds ? run.round + 1 : run.round
    let end = unit(of: nextStep, zoom).upperBound
    // A round that is not the last one ends before the update's phase does.
    let isLast = round == plan.optimizer.rounds - 1
    let cursor = isLast ? end : min(end, plan.roundLength)
    return Moment(update: update, step: round * plan.roundLength + cursor)
  }

  /// The moment at which the unit before began.
  package func moment(before zoom: Zoom) -> Moment {
    guard run.position > 0 else { return moment }
    let start = zoom == .update ? 0 : unit(of: execution.cursor - 1, zoom).lowerBound
    let round = zoom == .update ? 0 : run.round
    return normalised(Moment(update: update, step: round * plan.roundLength + start))
  }

  /// The moment of this update at which so many steps of the program are done: in the round that
  /// is under way, or in the last one for what only that computes.
  package func moment(atCursor cursor: Int) -> Moment {
    let last = plan.optimizer.rounds - 1
    let round = cursor > plan.roundLength ? last : run.round
    return Moment(update: update, step: round * plan.roundLength + cursor)
  }

  /// The next moment at which so many steps of the program are done; nil if none is left in the
  /// update that is under way.
  package func nextMoment(atCursor cursor: Int) -> Moment? {
    let late = cursor > plan.roundLength
    let last = plan.optimizer.rounds - 1
    if isAtEnd {
      let round = late ? last : 0
      return Moment(update: update + 1, step: round * plan.roundLength + cursor)
    }
    let here = moment(atCursor: cursor)
    if here > moment { return here }
    guard run.round < last else { return nil }
    return Moment(update: update, step: here.step + plan.roundLength)
  }

  /// The steps that belong together with one, at a zoom.
  package func unit(of index: Int, _ zoom: Zoom) -> Range<Int> {
    let steps = plan.program.steps
    func together(_ other: Int) -> Bool {
      switch zoom {
      case .op: other == index
      case .layer:
        steps[other].layer == steps[index].layer && steps[other].phase == steps[index].phase
      case .phase: steps[other].phase == steps[index].phase
      case .update: true
      }
    }
    var start = index
    while start > 0, together(start - 1) { start -= 1 }
    var end = index + 1
    while end < steps.count, together(end) { end += 1 }
    return start..<end
  }

  /// Steps of an update, past or to come.
  package func stepCount(of update: Int) -> Int {
    segments[index(ofSegmentAt: update)].run.plan.stepCount
  }

  /// The moment so many steps further on, or back.
  package func moment(movedBy count: Int) -> Moment {
    var (update, step) = (self.update, run.position)
    var left = count
    while left > 0 {
      let room = stepCount(of: update) - step
      if left <= room { return Moment(update: update, step: step + left) }
      left -= room
      (update, step) = (update + 1, 0)
    }
    while left < 0 {
      if -left < step || update == 0 { return Moment(update: update, step: max(0, step + left)) }
      left += step
      update -= 1
      step = stepCount(of: update)
    }
    return Moment(update: update, step: step)
  }

  /// The end of an update instead of the start of the next, unless that one was changed there.
  func normalised(_ moment: Moment) -> Moment {
    guard moment.step == 0, moment.update > 0, !keeper.isAnchor(moment.update) else {
      return moment
    }
    return Moment(update: moment.update - 1, step: stepCount(of: moment.update - 1))
  }
}
