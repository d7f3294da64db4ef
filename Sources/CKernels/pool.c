// SPDX-License-Identifier: MIT
// Threads that do the parts of one step together. The steps of a fast program follow each other
// within microseconds, so a thread spins for a while before it sleeps.
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#include "include/ckernels.h"

// Some 300 µs; longer would take the processor from others, shorter would sleep between steps.
enum { SPINS = 4000, LOOKS = 64 };

typedef struct {
  // The step's turn in the upper half, the next of this thread's own parts in the lower: a thread
  // that comes late to a turn cannot take a part of the next.
  _Alignas(128) _Atomic uint64_t next;
  ck_pool *pool;
  int32_t number;
  pthread_t thread;
  ck_scratch scratch;
} worker;

struct ck_pool {
  int32_t threads;
  worker *workers;
  // The step under way, copied: a thread that comes late may look at it after its owner is gone.
  _Atomic(ck_kernel) kernel;
  _Atomic(const void *) arguments;
  _Atomic int32_t parts;
  // Grows by one with each step that is given to the threads.
  _Alignas(128) _Atomic uint64_t turn;
  _Alignas(128) _Atomic int32_t done;
  _Atomic int32_t sleeping, stops;
  pthread_mutex_t mutex;
  pthread_cond_t wake;
};

// Lets the other thread of a core go first. Not at every look: a virtual machine that sees many of
// these in a row takes the processor away.
static inline void relax(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static inline int32_t first_part(const ck_pool *pool, int32_t parts, int32_t thread) {
  return (int32_t)((int64_t)parts * thread / pool->threads);
}

// Does the parts that are left of one thread's share; gives how many.
static int32_t take_share(ck_pool *pool, uint64_t turn, int32_t owner, const ck_scratch *scratch) {
  _Atomic uint64_t *next = &pool->workers[owner].next;
  int32_t count = 0;
  uint64_t seen = atomic_load(next);
  while (seen >> 32 == (turn & 0xFFFFFFFF)) {
    const ck_kernel kernel = atomic_load(&pool->kernel);
    const void *arguments = atomic_load(&pool->arguments);
    const int32_t part = (int32_t)(seen & 0xFFFFFFFF);
    if (part >= first_part(pool, atomic_load(&pool->parts), owner + 1)) break;
    // The thread that gets the part knows that the step is still the one it has read.
    if (!atomic_compare_exchange_weak(next, &seen, seen + 1)) continue;
    kernel(arguments, part, scratch);
    count++;
    seen = atomic_load(next);
  }
  return count;
}

// Its own parts first: step after step they are the same rows, which are in the thread's cache.
// Then those of a thread that is late.
static void take_parts(ck_pool *pool, uint64_t turn, const worker *me) {
  int32_t count = 0;
  for (int32_t i = 0; i < pool->threads; i++)
    count += take_share(pool, turn, (me->number + i) % pool->threads, &me->scratch);
  if (count) atomic_fetch_add(&pool->done, count);
}

static uint64_t wait_for_turn(ck_pool *pool, uint64_t last) {
  for (int i = 0; i < SPINS; i++) {
    for (int look = 0; look < LOOKS; look++) {
      uint64_t turn = atomic_load_explicit(&pool->turn, memory_order_acquire);
      if (turn != last) return turn;
    }
    relax();
  }
  pthread_mutex_lock(&pool->mutex);
  atomic_fetch_add(&pool->sleeping, 1);
  uint64_t turn;
  while ((turn = atomic_load(&pool->turn)) == last && !atomic_load(&pool->stops))
    pthread_cond_wait(&pool->wake, &pool->mutex);
  atomic_fetch_sub(&pool->sleeping, 1);
  pthread_mutex_unlock(&pool->mutex);
  return turn;
}

static void *work(void *argument) {
  worker *me = argument;
  uint64_t turn = 0;
  while (!atomic_load(&me->pool->stops)) {
    turn = wait_for_turn(me->pool, turn);
    take_parts(me->pool, turn, me);
  }
  return NULL;
}

static int prepare(worker *w, ck_pool *pool, int32_t number, size_t floats) {
  w->pool = pool;
  w->number = number;
  atomic_init(&w->next, 0);
  // Where it is large, in pages of 2 MB if the system has them.
  const size_t bytes = (floats + 16) * sizeof(float), page = (size_t)1 << 21;
  void *memory = NULL;
  if (posix_memalign(&memory, bytes < 2 * page ? 64 : page, bytes) != 0) return 0;
#ifdef MADV_HUGEPAGE
  if (bytes >= 2 * page) madvise(memory, bytes, MADV_HUGEPAGE);
#endif
  w->scratch.base = memory;
  return 1;
}

ck_pool *ck_pool_create(int32_t threads, size_t scratch_floats) {
  ck_pool *pool = NULL;
  if (posix_memalign((void **)&pool, 128, sizeof(ck_pool)) != 0) return NULL;
  pool->threads = 0;
  atomic_init(&pool->kernel, NULL);
  atomic_init(&pool->arguments, NULL);
  atomic_init(&pool->parts, 0);
  atomic_init(&pool->turn, 0);
  atomic_init(&pool->done, 0);
  atomic_init(&pool->sleeping, 0);
  atomic_init(&pool->stops, 0);
  pthread_mutex_init(&pool->mutex, NULL);
  pthread_cond_init(&pool->wake, NULL);
  void *workers = NULL;
  if (posix_memalign(&workers, 128, (size_t)threads * sizeof(worker)) != 0) workers = NULL;
  pool->workers = workers;
  if (!pool->workers || !prepare(&pool->workers[0], pool, 0, scratch_floats)) {
    ck_pool_destroy(pool);
    return NULL;
  }
  pool->threads = 1;
  // Signals are for the thread that talks to the person.
  sigset_t all_signals, old;
  sigfillset(&all_signals);
  pthread_sigmask(SIG_SETMASK, &all_signals, &old);
  for (int32_t i = 1; i < threads; i++) {
    worker *w = &pool->workers[i];
    // With fewer threads than asked for the work is done all the same.
    if (!prepare(w, pool, i, scratch_floats)) break;
    if (pthread_create(&w->thread, NULL, work, w) != 0) {
      free(w->scratch.base);
      break;
    }
    pool->threads = i + 1;
  }
  pthread_sigmask(SIG_SETMASK, &old, NULL);
  return pool;
}

void ck_pool_destroy(ck_pool *pool) {
  if (!pool) return;
  pthread_mutex_lock(&pool->mutex);
  atomic_store(&pool->stops, 1);
  atomic_fetch_add(&pool->turn, 1);
  pthread_cond_broadcast(&pool->wake);
  pthread_mutex_unlock(&pool->mutex);
  for (int32_t i = 1; i < pool->threads; i++) pthread_join(pool->workers[i].thread, NULL);
  for (int32_t i = 0; i < pool->threads; i++) free(pool->workers[i].scratch.base);
  free(pool->workers);
  pthread_mutex_destroy(&pool->mutex);
  pthread_cond_destroy(&pool->wake);
  free(pool);
}

static void run_shared(ck_pool *pool, const ck_step *step) {
  const uint64_t turn = atomic_load(&pool->turn) + 1;
  // Closed first: a thread that still looks at the last step must find no part of this one.
  for (int32_t i = 0; i < pool->threads; i++)
    atomic_store(&pool->workers[i].next, (turn & 0xFFFFFFFF) << 32 | INT32_MAX);
  atomic_store(&pool->kernel, step->kernel);
  atomic_store(&pool->arguments, step->arguments);
  atomic_store(&pool->parts, step->parts);
  atomic_store(&pool->done, 0);
  for (int32_t i = 0; i < pool->threads; i++)
    atomic_store(&pool->workers[i].next,
                 (turn & 0xFFFFFFFF) << 32 | (uint32_t)first_part(pool, step->parts, i));
  atomic_store(&pool->turn, turn);
  if (atomic_load(&pool->sleeping) > 0) {
    pthread_mutex_lock(&pool->mutex);
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->mutex);
  }
  take_parts(pool, turn, &pool->workers[0]);
  for (int look = 1; atomic_load_explicit(&pool->done, memory_order_acquire) < step->parts; look++)
    if (look % LOOKS == 0) relax();
}

static double seconds_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void ck_pool_run(ck_pool *pool, const ck_step *steps, int32_t count, double *seconds) {
  const ck_scratch *scratch = &pool->workers[0].scratch;
  double before = seconds ? seconds_now() : 0;
  for (int32_t i = 0; i < count; i++) {
    const ck_step *step = &steps[i];
    if (pool->threads > 1 && step->parts > 1 && step->is_shared) {
      run_shared(pool, step);
    } else {
      for (int32_t part = 0; part < step->parts; part++)
        step->kernel(step->arguments, part, scratch);
    }
    if (!seconds) continue;
    const double now = seconds_now();
    seconds[i] += now - before;
    before = now;
  }
}
