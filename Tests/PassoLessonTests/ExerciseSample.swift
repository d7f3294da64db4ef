// SPDX-License-Identifier: MIT

/// A lesson in which something is done: an own line, an exercise with checks, lines with blanks.
enum ExerciseSample {
  static let lesson = """
    ---
    id: L09
    lang: it
    title: Prova
    minutes: 3
    ---
    ```passo-predict id=p1 type=number tolerance=0 locks=r1
    Quanti?
    answer: count(tokens >= 0)
    wrong: count(tokens >= 0) + 1
      Uno di troppo.
    wrong: 1
      Una frase non è una parola.
    hides: embed, loss
    hint: Contali.
    ```

    ```passo-run id=r1 yours
    :text "a b c d"
    ```

    ```passo-exercise id=e1 minutes=4 updates=20
    Rendi `W_pos[1]` uguale a `W_pos[2]`.
    start: :text "a b c"
    check: W_pos[1] == W_pos[2]
    check: ~9 sum(W_pos[1]) == sum(W_pos[2])
    forbid: :text, :set W_E
    mistake: W_pos[0] == W_pos[1]
      Quella è la riga 0.
    hint: Una riga è una fetta.
    hint: `:set W_pos[1] = …`
    solution: :set W_pos[1] = W_pos[2]
    ```

    ```passo-exercise id=e0 fade
    line: let w = ⟦[1, 2]⟧ / ⟦3⟧
    line: ⟦sum(w)⟧
    with 1: let v = 4
    with 2: let v = 5
    with 2: let u = 6
    ```

    ```passo-quiz id=q1 recalls=L02
    Quale?
    - [ ] a  La prima.
      - No.
    - [x] b  La seconda.
    ```

    ```passo-note clock=6:30
    Per chi insegna.
    ```
    """
}
