// SPDX-License-Identifier: MIT

/// A small lesson with every kind of block.
enum Sample {
  static let lesson = """
    ---
    id: L09
    lang: it
    title: Prova
    minutes: 3
    ---
    # Titolo

    Un *testo* con `codice` e <start>.

    - uno
    - due

    ```passo-predict id=p1 type=number tolerance=0.5 locks=r1
    Quanto fa?
    answer: 2 + 2
    ```

    ```passo-run id=r1
    :step
    # un commento

    :show loss
    ```

    ```passo-facts for=r1
    F1  =   loss > 0
    F2  ~9  a == b
    ```

    ```passo-quiz id=q1
    Quale?
    - [ ] a  La prima.
      - No.
      - run: :where
    - [x] b  La `seconda`.
    ```

    ```passo-alt for=r1
    Niente da vedere.
    ```

    ```passo-note
    Per chi insegna.
    ```

    Fine.
    """
}
