// SPDX-License-Identifier: MIT

import ArgumentParser
import PassoData
import PassoEngine
import PassoModel
import PassoRuntime
import PassoText

/// How a model learns.
struct LearningOptions: ParsableArguments {
  private typealias Usual = Experiment.Defaults

  @Option(
    it: "adamw, sgd o momentum.",
    en: "adamw, sgd or momentum.",
    parser: ValueParser.name(of: Optimizer.named.map(\.name))
  )
  var optimizer = "adamw"

  @Option(
    it: "Il learning rate, al suo massimo; \(Usual.rateForTexts) se non si dice,"
      + " \(Usual.rateForSentences) con --corpus.",
    en: "The learning rate, at its peak; \(Usual.rateForTexts) if not given,"
      + " \(Usual.rateForSentences) with --corpus.",
    parser: ValueParser.number(.positive)
  )
  var lr: Double?

  @Option(
    it: "La memoria di AdamW per i gradienti; anche quella di momentum.",
    en: "AdamW's memory of gradients; momentum's too.",
    parser: ValueParser.number(.fromZeroBelowOne)
  )
  var beta1 = Usual.beta1

  @Option(
    it: "La memoria di AdamW per i quadrati dei gradienti; \(Usual.beta2) se non si dice,"
      + " \(TaskLearning.beta2) con un compito.",
    en: "AdamW's memory of squared gradients; \(Usual.beta2) if not given,"
      + " \(TaskLearning.beta2) with a task.",
    parser: ValueParser.number(.fromZeroBelowOne)
  )
  var beta2: Double?

  @Option(
    it: "Ciò che tiene finita la divisione di AdamW.",
    en: "What keeps AdamW's division finite.",
    parser: ValueParser.number(.positive)
  )
  var eps = Usual.epsilon

  @Option(
    it: "Quanto AdamW accorcia i tensori di due o più dimensioni; \(Usual.weightDecay) se non si"
      + " dice, quanto vuole il compito con un compito.",
    en: "How much AdamW shortens tensors of two or more dimensions; \(Usual.weightDecay) if not"
      + " given, what the task wants with a task.",
    parser: ValueParser.number(.fromZero)
  )
  var weightDecay: Double?

  @Option(
    it: "La lunghezza massima di tutti i gradienti insieme, 0 per nessun limite; \(Usual.clip) se"
      + " non si dice, con somma nessuno.",
    en: "The greatest length of all gradients together, 0 for none; \(Usual.clip) if not given,"
      + " none with somma.",
    parser: ValueParser.number(.fromZero)
  )
  var clip: Double?

  @Option(
    it: """
      I passi in cui il learning rate sale al suo massimo; 0 se non si dice, \
      \(Usual.sentenceWarmup) con --corpus, un decimo di tutti con --model.
      """,
    en: """
      Steps in which the learning rate rises to its peak; 0 if not given, \(Usual.sentenceWarmup) \
      with --corpus, a tenth of all with --model.
      """,
    parser: ValueParser.count(from: 0)
  )
  var warmup: Int?

  @Option(
    it: """
      Il learning rate dopo la salita: constant, cosine, linear, o trapezoid, che scende negli \
      ultimi due quinti; constant se non si dice, trapezoid con --corpus.
      """,
    en: """
      The learning rate after that: constant, cosine, linear, or trapezoid, which falls in the \
      last two fifths; constant if not given, trapezoid with --corpus.
      """
  )
  var schedule: RateSchedule.Decay?

  @Option(
    it: "Il learning rate all'ultimo passo di uno schedule.",
    en: "The learning rate at the last step of a schedule.",
    parser: ValueParser.number(.fromZero)
  )
  var minLr = 0.0

  @Option(
    it: "I passi in cui uno schedule scende fino a --min-lr; quelli di --steps se non si dice.",
    en: "Steps in which a schedule falls to --min-lr; those of --steps if not given.",
    parser: ValueParser.count(from: 1)
  )
  var decaySteps: Int?

  @Option(
    it: "I batch per un passo: vale la media dei gradienti su tutti i loro target.",
    en: "Batches for one step: what counts is the mean of the gradients over all their targets.",
    parser: ValueParser.whole(1...10_000)
  )
  var accumulate = 1

  @Option(
    it: """
      Due errori da vedere: twice chiama backward due volte prima di ogni passo, kept non azzera \
      mai i gradienti; cleared è come dev'essere.
      """,
    en: """
      Two mistakes to see: twice calls backward two times before each step, kept never clears the \
      gradients; cleared is as it should be.
      """
  )
  var gradients = GradientClearing.cleared

  @Option(help: .precision)
  var precision: Precision?

  @Option(help: .threads, parser: ValueParser.threads)
  var threads = ProcessorCount.physical

  func validate() throws {
    guard let lr, minLr > lr else { return }
    throw UsageProblem(
      "--min-lr",
      needs: Bilingual(it: "un numero fino a --lr, \(lr)", en: "a number up to --lr, \(lr)"),
      got: "\(minLr)"
    )
  }
}

extension RateSchedule.Decay: ExpressibleByArgument {}
extension GradientClearing: ExpressibleByArgument {}
