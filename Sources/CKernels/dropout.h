// SPDX-License-Identifier: MIT
// Which numbers dropout turns off: decided by their place and a seed, so that the backward pass
// finds the same ones again. The numbers are those of RandomSource in Swift, so that this form of a
// program has the zeros of the readable one.
// Source: SplitMix64, Steele, Lea, Flood 2014, doi 10.1145/2714064.2660195.

#define STRIDE_OF_STATES 0x9E3779B97F4A7C15u

// 64 bits in each lane, for half of the lanes.
typedef uint64_t vw __attribute__((ext_vector_type(LANES / 2)));
typedef int32_t half_vi __attribute__((ext_vector_type(LANES / 2)));

INLINE vw mixed(vw z) {
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

// The state before the random number of a step's first place.
INLINE uint64_t first_state(const ck_dropout *d) {
  const uint64_t seed = (uint64_t)(int64_t)*d->seed;
  const uint64_t mine = mixed((vw)(seed + STRIDE_OF_STATES))[0] ^ (uint64_t)d->stream;
  return mixed((vw)(mine + STRIDE_OF_STATES))[0];
}

INLINE uint64_t state_at(uint64_t first, uint64_t place) { return first + place * STRIDE_OF_STATES; }

// Which of so many places on from a state are turned off: all bits, or none.
INLINE half_vi turned_off(const ck_dropout *d, uint64_t state) {
  static const uint64_t numbers[] = {1, 2, 3, 4, 5, 6, 7, 8};
  vw number;
  memcpy(&number, numbers, sizeof number);
  const vw random = mixed(state + number * STRIDE_OF_STATES);
  return __builtin_convertvector((random >> 11) < d->limit, half_vi);
}

// By what the numbers of so many places on from a state are multiplied: 0, or what makes up for
// the zeros.
INLINE vf shares(const ck_dropout *d, uint64_t state) {
  vi is_off;
  is_off.lo = turned_off(d, state);
  is_off.hi = turned_off(d, state_at(state, LANES / 2));
  return is_off ? all(0) : all(d->share);
}

// Numbers that stand at places from a state on.
INLINE void drop(const ck_dropout *d, float *x, int from, int to, uint64_t state) {
  for (int i = from; i < to; i += LANES) {
    const int lanes = to - i < LANES ? to - i : LANES;
    put(x + i, get(x + i, lanes) * shares(d, state_at(state, i)), lanes);
  }
}
